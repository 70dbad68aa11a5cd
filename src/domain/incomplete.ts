/** Why a run of reconciliation did not come to its end: a code and what fills its sentence, so that it is said in either language. */

export type Incomplete =
  | { readonly code: 'maintenance_entered'; readonly until: string; readonly reason: string }
  | { readonly code: 'connection_unopened' | 'connection_deleted' | 'being_asked' | 'rate_used_up' }
  | { readonly code: 'adapter_failed' | 'adapter_late' | 'same_page_again' }
  | { readonly code: 'cannot_list'; readonly adapter: string }
  /** Of the circuit: since when, as ISO 8601. */
  | { readonly code: 'unreachable' | 'maintenance'; readonly since: string }
  | { readonly code: 'busy'; readonly until: string }
  | { readonly code: 'too_many_pages'; readonly most: number }
  /** The adapter's own words. */
  | { readonly code: 'said'; readonly reason: string };

/** Its sentence, in both languages. */
export function incompleteText(why: Incomplete): { readonly en: string; readonly zh: string } {
  switch (why.code) {
    case 'maintenance_entered':
      return {
        en: `maintenance until ${why.until}: ${why.reason}`,
        zh: `已登记维护，至 ${why.until} 结束：${why.reason}`,
      };
    case 'connection_unopened':
      return {
        en: 'the connection cannot be opened: an operator must see to its settings',
        zh: '连接无法打开，请运维人员检查其设置',
      };
    case 'connection_deleted':
      return { en: 'the connection was deleted', zh: '连接已删除' };
    case 'being_asked':
      return { en: 'whether the agency is there is just being asked', zh: '正在确认机构是否恢复应答' };
    case 'rate_used_up':
      return { en: 'what the agency allows is used up', zh: '机构允许的调用次数已用完' };
    case 'adapter_failed':
      return { en: 'the adapter failed', zh: '适配器出错' };
    case 'adapter_late':
      return { en: 'the adapter did not return when its time was up', zh: '适配器超时后仍未返回' };
    case 'same_page_again':
      return { en: 'the agency gives the same page again', zh: '机构重复返回同一页' };
    case 'cannot_list':
      return { en: `the adapter ${why.adapter} cannot list`, zh: `适配器 ${why.adapter} 不能读取清单` };
    case 'unreachable':
      return { en: `the agency does not answer since ${why.since}`, zh: `机构自 ${why.since} 起无应答` };
    case 'maintenance':
      return {
        en: `the agency is in maintenance since ${why.since}`,
        zh: `机构自 ${why.since} 起处于系统维护中`,
      };
    case 'busy':
      return {
        en: `the agency takes no more requests until ${why.until}`,
        zh: `机构在 ${why.until} 之前不再受理请求`,
      };
    case 'too_many_pages':
      return { en: `the list has more than ${why.most} pages`, zh: `清单超过 ${why.most} 页` };
    case 'said':
      return { en: why.reason, zh: `适配器报告：${why.reason}` };
  }
}
