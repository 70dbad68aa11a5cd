/** Faults of the results of an upload: which row, or which cell of the agency's sheet, and the fix. */
import type { Words } from '../language.ts';

export const UPLOAD_FAULTS = {
  results_or_sheet: {
    en: 'Give either “rows” or “sheet”: the results one by one, or the agency’s result sheet.',
    zh: '请提供“rows”（逐条结果）或“sheet”（经办机构的结果表），二者择一。',
  },
  result_key: {
    en: 'Say which row this is about by one of: row, serial, id_number.',
    zh: '请以 row、serial、id_number 中的一项指明对应的行。',
  },
  result_both: {
    en: 'Give either “receipt” or “rejected”: a row is accepted or rejected.',
    zh: '“receipt”与“rejected”只能填写一项：该行或被受理，或被退回。',
  },
  result_row_unknown: {
    en: '{where} belongs to no row of this file. Look for the file that it belongs to, or correct its number.',
    zh: '{where}不属于本文件的任何一行，请核对其所属文件，或更正编号。',
  },
  result_row_ambiguous: {
    en: '{where} fits several rows of this file. Add the row’s number or its serial.',
    zh: '{where}与本文件的多行相符，请补充行号或流水号。',
  },
  result_receipt_missing: {
    en: '{where} is accepted and has no receipt. Give it; where the agency gives one number for a whole file, set the connection’s “receipts” to “file”, and give “receipt” beside the results.',
    zh: '{where}已受理但没有回执编号，请补充；如经办机构每份文件只给一个编号，请将连接设置“receipts”改为“file”，并以“receipt”填写该编号。',
  },
  result_receipt_doubled: {
    en: '{where} gives row {row} the receipt that row {other} has. Correct the wrong one; where the agency gives one number for a whole file, set the connection’s “receipts” to “file”.',
    zh: '{where}为第 {row} 行填写的回执编号与第 {other} 行相同，请更正有误的一行；如经办机构每份文件只给一个编号，请将连接设置“receipts”改为“file”。',
  },
  result_receipt_carried: {
    en: '{where} gives row {row} a receipt that filing {other} has, which is not in this file. Look the number up at the agency, and correct it.',
    zh: '{where}为第 {row} 行填写的回执编号已属于申报 {other}（不在本文件中），请向经办机构核实后更正。',
  },
  receipt_per_row: {
    en: 'This connection’s agency gives each row a number of its own: give it with the row. If it gives one for a whole file, set the connection’s “receipts” to “file”.',
    zh: '该连接的经办机构按行给出回执编号，请在各行填写；如每份文件只给一个编号，请将连接设置“receipts”改为“file”。',
  },
  result_name_differs: {
    en: '{where} names somebody else than row {row} of this file: it may be the result of another file. Look for that one, or name the row by its id_number or serial.',
    zh: '{where}的姓名与本文件第 {row} 行不符，可能是其他文件的结果。请查找对应的文件，或以证件号码、流水号指明对应的行。',
  },
  result_said_twice: {
    en: '{where} says something else about row {row} than another result of this request. Keep the one that holds.',
    zh: '{where}与本次请求中第 {row} 行的另一条结果不一致，请只保留正确的一条。',
  },
  result_conflicts: {
    en: '{where} says something else about row {row} than was taken before. What was taken stands: leave this row out, and settle it with the agency.',
    zh: '{where}与第 {row} 行此前已录入的结果不一致，以已录入的为准。请去掉该行，并与经办机构核实。',
  },
  sheet_unreadable: {
    en: 'This is no spreadsheet that can be read. Give an XLSX file, or CSV in UTF-8 or GB 18030, without a password.',
    zh: '无法读取该表格。请提供未加密的 XLSX 文件，或 UTF-8、GB 18030 编码的 CSV 文件。',
  },
  sheet_too_large: {
    en: 'The sheet is larger than any result of a file: {rows} lines at most. Delete what does not belong to it.',
    zh: '表格过大，最多 {rows} 行，请删除无关内容。',
  },
  sheet_no_header: {
    en: 'The first sheet has no line of titles with “{outcome}” and a column that tells rows apart, such as {keys}. Name your titles in the connection’s setting “results”.',
    zh: '首个工作表中没有同时包含“{outcome}”和 {keys} 等标识列的标题行。如标题不同，请在连接设置“results”中填写。',
  },
  sheet_no_key: {
    en: 'Line {line} has a result and nothing that says whose. Fill in one of: {columns}.',
    zh: '第 {line} 行有处理结果，但未标明对应人员，请填写下列列之一：{columns}。',
  },
  sheet_value_unknown: {
    en: 'Line {line}, column “{column}”: give one of {values}, or name the agency’s own word in the connection’s setting “results”.',
    zh: '第 {line} 行“{column}”列：应为下列值之一：{values}；如经办机构另有用语，请在连接设置“results”中填写。',
  },
  sheet_cell_uncertain: {
    en: 'Line {line}, column “{column}”: a formula without a value, or a number that the spreadsheet has turned into a date or rounded. Enter what the agency’s own sheet says, as text.',
    zh: '第 {line} 行“{column}”列：单元格为没有结果的公式，或编号已被表格软件转成日期或四舍五入。请按经办机构原表的内容以文本格式填写。',
  },
  sheet_row_invalid: {
    en: 'Line {line}, column “{column}”: give the number of a row of the file, or leave it empty.',
    zh: '第 {line} 行“{column}”列：应为文件的行号，或留空。',
  },
  sheet_too_long: {
    en: 'Line {line}, column “{column}”: a receipt has {maximum} characters at most.',
    zh: '第 {line} 行“{column}”列：回执编号最多 {maximum} 个字符。',
  },
} as const satisfies Record<string, Words>;
