"""Exemplars: stories of people and groups to follow, the movements they come from, and how they are found and chosen.

Ours: stories, movements, nominations of a quarter, votes of the council, posts (news, events), how far a story reaches.
Not ours: which items ask about a story (banks), prizes and certificates of contests (recognition).
Decided: what the public reads has been seen by two people; a secret ballot is kept without its voter, in boxes that do not
tell one ballot from another.
"""
