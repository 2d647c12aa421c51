"""Hiểu Luật: online contests for learning the law. The plan of the house is docs/architecture.md."""
