/** Problems with reconciliations and their findings. */
import type { Entry } from './entry.ts';

export const RECONCILIATION_PROBLEMS = {
  reconciliation_not_found: {
    status: 404,
    en: [
      'There is no such reconciliation',
      'Your organisation has no reconciliation with this id among the data of this kind of key (test or live).',
    ],
    zh: ['核对任务不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的核对任务。'],
  },
  finding_not_found: {
    status: 404,
    en: [
      'There is no such finding',
      'Your organisation has no finding with this id among the data of this kind of key (test or live).',
    ],
    zh: ['核对差异不存在', '在此类密钥（测试或正式）的数据中，贵组织没有该编号的核对差异。'],
  },
  connection_cannot_list: {
    status: 409,
    en: [
      'The agency shows no list',
      'The adapter {adapter} cannot read what the agency has, so that there is nothing to compare with.',
    ],
    zh: ['经办机构不提供清单', '适配器 {adapter} 无法读取经办机构的记录，无从核对。'],
  },
  finding_not_open: {
    status: 409,
    en: [
      'The finding is not open',
      'The finding is {state}: only an open one is dismissed. Nothing was changed.',
    ],
    zh: ['该差异已不在待处理状态', '该差异的状态为 {state}，只有待处理的差异可以忽略，本次未做任何更改。'],
  },
} as const satisfies Record<string, Entry>;
