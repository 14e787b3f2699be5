export const commonVi = {
  'common.product': 'Định danh',
  'common.tagline': 'Tài khoản định danh điện tử',
  'common.skip_to_main': 'Đến nội dung chính',
  'common.home': 'Trang chủ',
  'common.language': 'Ngôn ngữ',
  'common.language_vi': 'Tiếng Việt',
  'common.language_en': 'English',
  'common.sandbox_ribbon': 'Môi trường thử nghiệm. Người và số liệu ở đây đều là hư cấu; không nhập thông tin thật.',
  'common.error_prefix': 'Lỗi: {title}',
  'common.error_summary': 'Vui lòng kiểm tra lại',
  'common.continue': 'Tiếp tục',
  'common.cancel': 'Hủy',
  'common.back': 'Quay lại',
  'common.change': 'Thay đổi',
  'common.show_secret': 'Hiện',
  'common.hide_secret': 'Ẩn',
  'common.footer_about':
    'Dự án mã nguồn mở mô phỏng hệ thống định danh và xác thực điện tử. Không phải trang của cơ quan nhà nước.',
  'common.footer_links': 'Liên kết',
  'common.nav_activate': 'Kích hoạt tài khoản',
  'common.nav_account': 'Tài khoản của tôi',
  'common.nav_statistics': 'Số liệu',
  'common.nav_developers': 'Dành cho nhà phát triển',
  'common.nav_sandbox': 'Công cụ thử nghiệm',

  'common.home_title': 'Tài khoản định danh điện tử',
  'common.home_lead':
    'Một tài khoản để đăng nhập vào các dịch vụ công. Bạn thấy dịch vụ nào hỏi thông tin gì, và bạn quyết định có đồng ý hay không.',
  'common.home_activate_text':
    'Bạn đã nhận tin nhắn báo hồ sơ được duyệt? Kích hoạt ngay trên web. Bạn cần số định danh và điện thoại đã đăng ký; không cần điện thoại thông minh.',
  'common.home_activate_button': 'Bắt đầu kích hoạt',
  'common.home_account_text':
    'Xem mức độ tài khoản, cách đăng nhập, dịch vụ đã kết nối và lịch sử. Rút lại sự đồng ý hoặc khóa tài khoản khi cần.',
  'common.home_account_button': 'Mở tài khoản của tôi',
  'common.home_levels': 'Hai mức độ tài khoản',
  'common.home_level_1': 'Mức độ 1',
  'common.home_level_1_text': 'Đăng ký từ xa. Dùng để đăng nhập và gửi phản ánh.',
  'common.home_level_2': 'Mức độ 2',
  'common.home_level_2_text':
    'Đăng ký trực tiếp tại công an xã, phường, có ảnh mặt và vân tay. Dùng được mọi dịch vụ, kèm thẻ căn cước điện tử.',
  'common.home_more': 'Xem thêm',
  'common.home_statistics_text': 'Tỷ lệ kích hoạt theo địa bàn. Mỗi tỷ lệ đi kèm mẫu số của nó.',
  'common.home_developers_text': 'Kết nối dịch vụ của bạn qua OpenID Connect.',
  'common.home_sandbox_text': 'Nhân vật thử nghiệm và hộp thư tin nhắn của hệ thống.',

  'common.reference': 'Mã tham chiếu',
  'common.reference_help': 'Khi liên hệ tổng đài, hãy đọc mã này. Mã không chứa thông tin cá nhân của bạn.',
} as const;
