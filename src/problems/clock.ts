/** Problems with the test clock. */
import type { Entry } from './entry.ts';

export const CLOCK_PROBLEMS = {
  test_key_needed: {
    status: 403,
    en: [
      'Only test time can be moved',
      'This is a live key, and live data goes by real time. Use a test key (eg_test_…) of the organisation.',
    ],
    zh: [
      '只能调整测试时间',
      '当前使用的是正式密钥，正式数据始终采用真实时间。请改用贵组织的测试密钥（eg_test_…）。',
    ],
  },
  test_clock_busy: {
    status: 409,
    en: [
      'The clock is being moved',
      'Another request moves this organisation’s test time. Try again in {seconds} s.',
    ],
    zh: ['时钟正在调整', '另一请求正在调整贵组织的测试时间，请在 {seconds} 秒后重试。'],
  },
  test_clock_backwards: {
    status: 409,
    en: [
      'The clock only goes forward',
      'It is {now} for this organisation’s test data already. Go to that instant or a later one.',
    ],
    zh: ['时钟只能向前', '贵组织测试数据的当前时间已是 {now}，请指定该时刻或更晚的时刻。'],
  },
  test_clock_nothing_ahead: {
    status: 409,
    en: [
      'Nothing is ahead',
      'There is no {jump} among this organisation’s test data. Say by how much or to which instant to go.',
    ],
    zh: ['没有待发生的事项', '贵组织的测试数据中没有 {jump}，请指定时长或目标时刻。'],
  },
  test_desk_failed: {
    status: 502,
    wakesSomebody: true,
    en: [
      'The mock agencies do not follow',
      'The desk of the mock agencies at {url} failed ({reason}). Time stands where GET /v1/test/clock says; go on from there once the desk answers.',
    ],
    zh: [
      '模拟机构未能同步',
      '模拟机构控制台 {url} 出错（{reason}）。当前时间以 GET /v1/test/clock 为准，待控制台恢复后可从该时刻继续。',
    ],
  },
} as const satisfies Record<string, Entry>;
