import type { AccountLevel } from '../domain/assurance.ts';
import type { LockGround } from '../domain/lock.ts';
import type { SecurityQuestion } from '../domain/secrets-policy.ts';
import type { CalendarDate } from '../domain/viet-nam-time.ts';

export type PersonaKey =
  | 'l2-active'
  | 'l1-active'
  | 'l1-active-l2-pending'
  | 'pending'
  | 'late'
  | 'locked'
  | 'deceased'
  | 'child'
  | 'teen'
  | 'foreigner'
  | 'elder';

/** What a tester types. A persona that was never activated has none of it yet: then these are what to choose. */
export type PersonSecrets = {
  readonly password: string;
  readonly passcode: string;
  readonly question1: SecurityQuestion;
  readonly answer1: string;
  readonly question2: SecurityQuestion;
  readonly answer2: string;
};

/** A granted level, in days before the day of seeding. Without `activatedDaysAgo` it waits for its activation. */
export type SeedGrant = {
  readonly level: AccountLevel;
  readonly notifiedDaysAgo: number;
  readonly activatedDaysAgo?: number;
};

/** A fictional person. `birth` by age where the age is what the persona is for: it is then exact whenever the sandbox is made. */
export type Persona = {
  readonly key: PersonaKey;
  readonly fullName: string;
  readonly gender: 'male' | 'female';
  readonly birth: { readonly on: CalendarDate } | { readonly age: number };
  /** Last six digits of the citizen id; the digits before them follow from the prefix 999, birth and gender. */
  readonly serial: string;
  /** 095 is the range of a network that was switched off (unverified): no message of a badly configured sandbox reaches anybody. */
  readonly phone: string;
  readonly unitCode: string;
  readonly street: string;
  readonly email?: string;
  readonly nationality?: string;
  readonly placeOfBirth: string;
  readonly cardIssuedOn: CalendarDate;
  readonly guardian?: { readonly key: PersonaKey; readonly relationship: 'father' | 'mother' | 'guardian' };
  readonly grants: readonly SeedGrant[];
  readonly lock?: LockGround;
  readonly secrets: PersonSecrets;
  /** Base32, as an authenticator app takes it. */
  readonly totpSecret?: string;
};

/** The people of the sandbox. Their keys are promised to other people's scripts. */
export const PERSONAS: readonly Persona[] = [
  {
    key: 'l2-active',
    fullName: 'Nguyễn Minh Anh',
    gender: 'female',
    birth: { on: '1990-05-12' },
    serial: '990001',
    phone: '0950000001',
    unitCode: '00166',
    street: 'Số 12 ngõ 34 phố Hoa Sữa',
    email: 'minh.anh@example.test',
    placeOfBirth: 'Hà Nội',
    cardIssuedOn: '2024-08-15',
    grants: [{ level: 2, notifiedDaysAgo: 60, activatedDaysAgo: 58 }],
    secrets: {
      password: 'Hoa_sua#2031',
      passcode: '472958',
      question1: 'first_school',
      answer1: 'Trường Lá Xanh',
      question2: 'favourite_dish',
      answer2: 'bún chả',
    },
    totpSecret: 'THUNGHIEMDINHDANHVIETNAMHANOI234',
  },
  {
    key: 'l1-active',
    fullName: 'Trần Quốc Bảo',
    gender: 'male',
    birth: { on: '1985-11-03' },
    serial: '990002',
    phone: '0950000002',
    unitCode: '00235',
    street: 'Số 5 phố Gió Mùa',
    email: 'quoc.bao@example.test',
    placeOfBirth: 'Nam Định',
    cardIssuedOn: '2023-03-20',
    grants: [{ level: 1, notifiedDaysAgo: 45, activatedDaysAgo: 44 }],
    secrets: {
      password: 'Gio_mua#2032',
      passcode: '839501',
      question1: 'first_job',
      answer1: 'thợ sửa xe đạp',
      question2: 'favourite_song',
      answer2: 'Mưa trên phố',
    },
  },
  {
    key: 'l1-active-l2-pending',
    fullName: 'Lê Thu Hà',
    gender: 'female',
    birth: { on: '1996-02-27' },
    serial: '990003',
    phone: '0950000003',
    unitCode: '00118',
    street: 'Số 27 phố Bến Đò',
    placeOfBirth: 'Thanh Hóa',
    cardIssuedOn: '2024-01-09',
    grants: [
      { level: 1, notifiedDaysAgo: 90, activatedDaysAgo: 89 },
      { level: 2, notifiedDaysAgo: 0 },
    ],
    secrets: {
      password: 'Ben_do^2033',
      passcode: '160739',
      question1: 'childhood_friend',
      answer1: 'Lan Chi',
      question2: 'first_journey',
      answer2: 'Sầm Sơn',
    },
  },
  {
    key: 'pending',
    fullName: 'Phạm Đức Long',
    gender: 'male',
    birth: { on: '1993-07-30' },
    serial: '990004',
    phone: '0950000004',
    unitCode: '09556',
    street: 'Số 8 phố Lụa Vạn',
    placeOfBirth: 'Hà Nam',
    cardIssuedOn: '2025-04-02',
    grants: [{ level: 2, notifiedDaysAgo: 0 }],
    secrets: {
      password: 'Lua_van@2034',
      passcode: '527418',
      question1: 'first_pet',
      answer1: 'mèo Mun',
      question2: 'favourite_teacher',
      answer2: 'thầy Khang',
    },
  },
  {
    key: 'late',
    fullName: 'Vũ Ngọc Mai',
    gender: 'female',
    birth: { on: '1979-09-18' },
    serial: '990005',
    phone: '0950000005',
    unitCode: '09574',
    street: 'Số 41 phố Đá Ong',
    placeOfBirth: 'Hà Tây',
    cardIssuedOn: '2022-12-12',
    grants: [{ level: 2, notifiedDaysAgo: 30 }],
    secrets: {
      password: 'Da_ong!2035',
      passcode: '694027',
      question1: 'grandmother_name',
      answer1: 'cụ Nhài',
      question2: 'favourite_dish',
      answer2: 'gà mía',
    },
  },
  {
    key: 'locked',
    fullName: 'Hoàng Văn Sơn',
    gender: 'male',
    birth: { on: '1988-01-21' },
    serial: '990006',
    phone: '0950000006',
    unitCode: '00454',
    street: 'Thôn Giếng Ngọc',
    placeOfBirth: 'Phú Thọ',
    cardIssuedOn: '2023-06-30',
    grants: [{ level: 2, notifiedDaysAgo: 120, activatedDaysAgo: 117 }],
    lock: 'holder_request',
    secrets: {
      password: 'Gieng_ngoc*36',
      passcode: '381206',
      question1: 'childhood_nickname',
      answer1: 'Tý Còi',
      question2: 'first_school',
      answer2: 'Trường Đồi Chè',
    },
  },
  {
    key: 'deceased',
    fullName: 'Đỗ Thị Lành',
    gender: 'female',
    birth: { on: '1948-04-06' },
    serial: '990007',
    phone: '0950000007',
    unitCode: '09700',
    street: 'Thôn Suối Mơ',
    placeOfBirth: 'Hòa Bình',
    cardIssuedOn: '2022-05-05',
    grants: [{ level: 2, notifiedDaysAgo: 200, activatedDaysAgo: 198 }],
    lock: 'death',
    secrets: {
      password: 'Suoi_mo(2037)',
      passcode: '750283',
      question1: 'favourite_song',
      answer1: 'Trống cơm',
      question2: 'grandmother_name',
      answer2: 'cụ Thơm',
    },
  },
  {
    key: 'child',
    fullName: 'Nguyễn Gia Hân',
    gender: 'female',
    birth: { age: 10 },
    serial: '990008',
    phone: '0950000008',
    unitCode: '00166',
    street: 'Số 12 ngõ 34 phố Hoa Sữa',
    placeOfBirth: 'Hà Nội',
    cardIssuedOn: '2025-09-10',
    guardian: { key: 'l2-active', relationship: 'mother' },
    grants: [{ level: 1, notifiedDaysAgo: 0 }],
    secrets: {
      password: 'Dieu_giay^38',
      passcode: '916452',
      question1: 'first_pet',
      answer1: 'chó Vàng',
      question2: 'favourite_dish',
      answer2: 'kem dừa',
    },
  },
  {
    key: 'teen',
    fullName: 'Bùi Nhật Nam',
    gender: 'male',
    birth: { age: 15 },
    serial: '990009',
    phone: '0950000009',
    unitCode: '00367',
    street: 'Số 63 phố Sân Bóng',
    placeOfBirth: 'Hà Nội',
    cardIssuedOn: '2025-05-19',
    grants: [{ level: 2, notifiedDaysAgo: 20, activatedDaysAgo: 19 }],
    secrets: {
      password: 'San_bong#2039',
      passcode: '248607',
      question1: 'childhood_friend',
      answer1: 'Tuấn Tú',
      question2: 'first_journey',
      answer2: 'Hạ Long',
    },
  },
  {
    key: 'foreigner',
    fullName: 'Camille Laurent',
    gender: 'female',
    birth: { on: '1991-12-01' },
    serial: '990010',
    phone: '0950000010',
    unitCode: '00103',
    street: 'Số 19 đường Ven Hồ',
    email: 'camille@example.test',
    nationality: 'FRA',
    placeOfBirth: 'Lyon',
    cardIssuedOn: '2025-07-21',
    grants: [{ level: 2, notifiedDaysAgo: 25, activatedDaysAgo: 22 }],
    secrets: {
      password: 'Ven_ho$2040',
      passcode: '603915',
      question1: 'first_job',
      answer1: 'libraire',
      question2: 'favourite_teacher',
      answer2: 'Mme Petit',
    },
  },
  {
    key: 'elder',
    fullName: 'Đặng Văn Thọ',
    gender: 'male',
    birth: { age: 78 },
    serial: '990011',
    phone: '0950000011',
    unitCode: '10489',
    street: 'Thôn Bến Đục',
    placeOfBirth: 'Hà Đông',
    cardIssuedOn: '2023-10-01',
    grants: [{ level: 2, notifiedDaysAgo: 0 }],
    secrets: {
      password: 'Ben_duc!2041',
      passcode: '835274',
      question1: 'childhood_nickname',
      answer1: 'Cả Thọ',
      question2: 'first_job',
      answer2: 'lái đò',
    },
  },
];

export function isPersonaKey(text: string): text is PersonaKey {
  return PERSONAS.some(({ key }) => key === text);
}

/** @throws Error for a persona without an entry, which the type of the key rules out. */
export function personaOf(key: PersonaKey): Persona {
  const persona = PERSONAS.find((one) => one.key === key);
  if (persona === undefined) throw new Error(`there is no persona ${key}`);
  return persona;
}
