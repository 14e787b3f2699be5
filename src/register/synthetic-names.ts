import type { Gender } from '../domain/citizen-id.ts';
import { type RandomSource, type Weighted, weigh } from './random-source.ts';

/** Family names with their rough share in the population in per cent (a guess of ours after what is commonly said; not a statistic). */
const FAMILY_NAMES = weigh([
  ['Nguyễn', 31.5],
  ['Trần', 10.9],
  ['Lê', 8.9],
  ['Phạm', 5.9],
  ['Hoàng', 4.2],
  ['Vũ', 3.9],
  ['Phan', 2.8],
  ['Trương', 2.2],
  ['Bùi', 2.1],
  ['Đặng', 2.0],
  ['Đỗ', 1.9],
  ['Ngô', 1.7],
  ['Hồ', 1.5],
  ['Dương', 1.4],
  ['Đinh', 1.0],
  ['Lý', 0.8],
  ['Đào', 0.8],
  ['Đoàn', 0.7],
  ['Vương', 0.6],
  ['Trịnh', 0.6],
  ['Lâm', 0.6],
  ['Phùng', 0.5],
  ['Mai', 0.5],
  ['Tô', 0.4],
  ['Hà', 0.4],
  ['Tạ', 0.4],
  ['Cao', 0.4],
  ['Chu', 0.3],
  ['Thái', 0.3],
  ['Kiều', 0.2],
  ['Khuất', 0.1],
  ['Nghiêm', 0.1],
]);

/** Middle and given names of a generation: those born before and since 1980. */
type Names = { readonly middle: Weighted<string>; readonly given: Weighted<string> };

const NAMES: Readonly<Record<Gender, readonly [older: Names, younger: Names]>> = {
  male: [
    names(
      'Văn*12 Đình*2 Hữu*2 Xuân*2 Đức*2 Quang Ngọc Công Trọng Bá Viết Duy',
      'Hùng Dũng Sơn Hải Thắng Bình Minh Long Tuấn Cường Hòa Thành Chiến Lâm Phúc Tiến Đạt Quý Nam Toàn',
    ),
    names(
      'Minh*4 Đức*3 Văn*3 Quang*3 Hoàng*3 Gia*2 Tuấn*2 Anh Thành Duy Bảo Hải Nhật Trung Mạnh',
      'Anh Huy Khôi Khang Bảo Minh Đức Long Nam Quân Phúc Kiên Hưng Dương Hiếu Tùng Trung Việt Sơn Đạt',
    ),
  ],
  female: [
    names(
      'Thị*16 Thị%Kim Thị%Ngọc*2 Thị%Thanh*2 Thị%Bích Kim Ngọc',
      'Hoa Lan Hương Hà Nga Thủy Hạnh Liên Loan Mai Dung Tâm Yến Oanh Phượng Thu Hằng Vân Nhung Xuân',
    ),
    names(
      'Thị*4 Thùy*2 Ngọc*3 Minh*3 Phương*3 Khánh*2 Thanh*2 Thu*2 Hà Quỳnh Bảo Diệu Hoài Mai Thảo',
      'Anh Linh Trang Ngọc Châu Chi Hà My Vy Thảo Nhi Hân Dương Giang Hương Ngân Quỳnh Huyền Mai Ly',
    ),
  ],
};

/** A full name in Vietnamese order, as people of that sex and age bear it. */
export function syntheticName(random: RandomSource, gender: Gender, birthYear: number): string {
  const { middle, given } = NAMES[gender][birthYear < 1980 ? 0 : 1];
  return `${random.pickWeighted(FAMILY_NAMES)} ${random.pickWeighted(middle)} ${random.pickWeighted(given)}`;
}

/** `Name*weight` separated by spaces; `%` stands for a space inside a name. */
function names(middle: string, given: string): Names {
  return { middle: weighList(middle), given: weighList(given) };
}

function weighList(list: string): Weighted<string> {
  return weigh(
    list.split(' ').map((item) => {
      const [name = '', weight = '1'] = item.split('*');
      return [name.replaceAll('%', ' '), Number(weight)] as const;
    }),
  );
}
