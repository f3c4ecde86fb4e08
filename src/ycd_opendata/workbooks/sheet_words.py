"""What a workbook to edit says itself, in each language that it comes in."""

from __future__ import annotations

_WORDS = {
    "rules": {
        "en": "Each table has a sheet. Row 1 has the titles, row 2 what the columns mean, row 3 "
        "the names of the fields: leave row 3 as it is, the way back goes by it.\n"
        "Change cells, add rows at the end, delete rows; the order of rows and of columns does "
        "not matter.\n"
        "Write dates as 2022, 2022-05 or 2022-05-01, as precise as the source is. The cells are "
        "text, so no program changes them.\n"
        "Where a cell has a drop-down, choose from it, or write what stands before the dot.\n"
        "When you are done, save the file and run: ycd take FILE",
        "zh": "每张表一个工作表。第1行为标题，第2行为说明，第3行为字段名：请保留第3行，"
        "读回时只认字段名。\n"
        "可以修改单元格、在末尾添加行、删除行；行和列的顺序不影响结果。\n"
        "日期写作2022、2022-05或2022-05-01，精度与来源一致。单元格均为文本，软件不会改动。\n"
        "有下拉列表的单元格请从列表中选择，也可只填写圆点前的代码。\n"
        "完成后保存文件并运行：ycd take 文件名",
    },
    "sheet": {"en": "sheet", "zh": "工作表"},
    "title": {"en": "title", "zh": "标题"},
    "meaning": {"en": "what it holds", "zh": "内容"},
    "computed": {"en": "[computed, locked]", "zh": "【计算得出，已锁定】"},
    "left_out": {"en": "not in this workbook", "zh": "未收入本工作簿"},
    "suggestions": {"en": "Suggestions", "zh": "建议"},
    "about_suggestions": {
        "en": "What might be done next. Write yes in the first column of what you accept, and "
        "fill its yellow cells; the way back does it.",
        "zh": "接下来可以做的事。要采纳的，在第一列选“是”，并填写该行的黄色单元格，"
        "取回时即会执行。",
    },
    "accept": {"en": "Accept?", "zh": "采纳？"},
    "about_accept": {
        "en": "yes, and it is done on the way back; else leave it empty.",
        "zh": "选“是”，取回时执行；否则留空。",
    },
    "suggestion": {"en": "Suggestion", "zh": "建议"},
    "about_suggestion": {
        "en": "What is suggested. Leave it as it is.",
        "zh": "建议的内容，请勿改动。",
    },
    "for": {"en": "For it", "zh": "支持的理由"},
    "about_for": {"en": "What speaks for it.", "zh": "为什么可以采纳。"},
    "against": {"en": "Against it", "zh": "反对的理由"},
    "about_against": {"en": "What speaks against it.", "zh": "为什么不宜采纳。"},
    "kind": {"en": "Kind", "zh": "种类"},
    "about_kind": {"en": "", "zh": ""},
    "record": {"en": "Record", "zh": "记录"},
    "about_record": {"en": "The record that it is about.", "zh": "建议所针对的记录。"},
    "name": {"en": "Name", "zh": "建议的名称"},
    "about_name": {
        "en": "What it is known by. Leave it as it is.",
        "zh": "取回时据此识别，请勿改动。",
    },
    "key": {"en": "[key]", "zh": "【主键】"},
    "required": {"en": "[required]", "zh": "【必填】"},
    "not_listed_title": {"en": "Not on the list", "zh": "不在列表中"},
    "not_listed": {
        "en": "The value is not on the list. If it is the id of a record that you have just "
        "added, go on.",
        "zh": "该值不在列表中。如果是刚刚新增的记录的编号，可以继续。",
    },
}


def said(key: str, lang: str) -> str:
    """What a workbook says, in its language."""
    return _WORDS[key][lang]
