// Words of public hosting and of limits: [English, Chinese].
export const DOOR = {
  'door.default': [
    'These agencies are open to strangers. Make a sandbox of your own below; this one is the operator’s.',
    '本模拟机构对外开放。请在下方创建自己的沙箱；当前沙箱仅供运营者使用。',
  ],
  'door.wrong': [
    'That token does not open this sandbox. It may be another one’s, or the sandbox was deleted and made anew.',
    '该令牌无法打开此沙箱：它可能属于其他沙箱，或此沙箱已被删除后重建。',
  ],
  'door.own': ['A sandbox of your own', '创建自己的沙箱'],
  'door.says': [
    'With its own people, time, faults and keys. Idle ones are deleted; no real person’s data belongs in it.',
    '拥有独立的人员、时间、故障与密钥。闲置沙箱会被删除；请勿填入真实人员信息。',
  ],
  'door.make': ['Make a sandbox', '创建沙箱'],
  'door.made': ['Sandbox {name} is there.', '沙箱 {name} 已创建。'],
  'door.once': [
    'Keep the token: it is shown this once and nobody can tell it again.',
    '请妥善保存令牌：仅显示这一次，之后无法再次查看。',
  ],
  'door.addresses': ['Addresses', '地址'],
  'door.open': ['Open its desk', '打开其经办台'],
  'door.more': ['What is simulated, and within which limits', '仿真内容与限额'],
  'command.token': ['the admin token of this sandbox', '此沙箱的管理令牌'],
  'why.limit': ['It was over a limit, so nobody looked at it: {limit}', '超出限额，请求未被处理：{limit}'],
  'phase.response-refused': ['refused, the answer spoiled', '未受理，应答受损'],
  'clerk.delayWorking': ['after {when}, Monday to Friday', '{when}后（仅计周一至周五）'],
  'stage.limits': ['limits', '限额检查'],
};
