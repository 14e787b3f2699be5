export const adoptionVi = {
  'adoption.page_title': 'Sử dụng tài khoản định danh tại các dịch vụ',
  'adoption.title': 'Theo từng dịch vụ',
  'adoption.lead':
    'Người: số tài khoản khác nhau đã từng dùng dịch vụ, mỗi người tính một lần. Lượt: số lần đăng nhập. Hai số này đứng cạnh nhau và không chia cho nhau.',
  'adoption.monthly':
    'Công bố theo tháng: một tháng chỉ được công bố khi từ lần công bố trước có thêm ít nhất 10 người mới và 10 lượt quay lại.',
  'adoption.caption': 'Người và lượt của từng dịch vụ, đến hết ngày {day}',
  'adoption.empty': 'Chưa có dịch vụ nào.',
  'adoption.service': 'Dịch vụ',
  'adoption.as_of': 'Đến hết ngày',
  'adoption.subjects': 'Người',
  'adoption.sign_ins': 'Lượt đăng nhập',
  'adoption.coverage': 'Độ phủ, theo mẫu số',
  'adoption.basis_activated_persons': 'người đã kích hoạt',
  'adoption.basis_eligible_residents': 'dân cư đủ tuổi',
  'adoption.basis_unknown': 'mẫu số không nêu',
  'adoption.totals_title': 'Tỷ trọng hồ sơ qua định danh điện tử',
  'adoption.totals_lead':
    'Do dịch vụ tự báo cáo, giữ nguyên như báo cáo: hồ sơ nộp qua định danh điện tử trên tổng số hồ sơ.',
  'adoption.totals_empty': 'Chưa dịch vụ nào báo cáo, hoặc chưa đủ lớn để công bố.',
  'adoption.topic': 'Nội dung',
  'adoption.period': 'Kỳ báo cáo',
  'adoption.share': 'Tỷ trọng',
  'adoption.source': 'Nguồn',
} as const;
