export const openDataVi = {
  'open_data.title': 'Dữ liệu mở',
  'open_data.lead':
    'Số liệu tính đến hết tháng gần nhất đã qua, cập nhật mỗi tháng. Ô dưới {least} không công bố, cùng những ô mà từ đó có thể trừ ra ô ấy.',
  'open_data.caption': 'Các tập dữ liệu, không cần mã truy cập',
  'open_data.dataset': 'Tập dữ liệu',
  'open_data.definition': 'Định nghĩa',
  'open_data.files': 'Tệp',
  'open_data.rates': 'Tỷ lệ kích hoạt',
  'open_data.rates_text': 'Mỗi dòng một tỷ lệ của một đơn vị, kèm tử số, mẫu số và tên mẫu số.',
  'open_data.adoption': 'Sử dụng tại dịch vụ',
  'open_data.adoption_text': 'Người và lượt đăng nhập cộng dồn đến hết từng tháng được công bố của mỗi dịch vụ.',
  'open_data.licence': 'Giấy phép: {licence}. Ghi nguồn khi dùng lại.',
} as const;
