"""Folders of a shipped bank, made for tests."""

HEAD = """
bank:
  code: thu
  title: Ngân hàng thử
  author: Người viết
  second_reader: Người đọc
  topics:
  - {code: chung, title: "Quy định chung, nguyên tắc"}
  - {code: khac, title: Khác}
"""
SINGLE = """
- id: T-001
  kind: single
  topic: chung
  level: 1
  stem: >-
    Câu hỏi
    thứ nhất?
  options:
    A: Một
    B: Hai
  key: B
  explanation: Vì thế.
  citation: {document: 06/2022/QH15, article: "5", clause: "2", point: "a"}
  valid: {from: 2024-01-01, until: 2026-10-01}
  facts: [NT-03, NT-04]
"""
OTHERS = """
- {id: T-002, kind: multiple, topic: khac, level: 2, stem: "Hai?", options: {A: x, B: yy, C: z}, key: "A, C", explanation: E}
- {id: T-003, kind: true_false, topic: khac, level: 3, stem: Ba., key: "sai", explanation: E, exemplar: Gương.}
"""


def folder(tmp_path, items, head=HEAD):
    (tmp_path / "bank.yaml").write_text(head, "utf-8")
    (tmp_path / "01.yaml").write_text("items:\n" + items, "utf-8")
    return tmp_path


def changed(old, new):
    assert old in SINGLE
    return SINGLE.replace(old, new)
