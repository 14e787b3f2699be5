export const oidcVi = {
  'oidc.error_title': 'Yêu cầu đăng nhập không thực hiện được',
  'oidc.error_text':
    'Dịch vụ bạn vừa rời đi đã gửi một yêu cầu mà hệ thống không nhận được, hoặc yêu cầu đã hết hạn. Hãy quay lại dịch vụ đó và bắt đầu lại.',
  'oidc.error_expired_title': 'Lần đăng nhập này đã kết thúc',
  'oidc.error_expired_text':
    'Đã quá thời gian, hoặc bạn đã mở lại một trang cũ. Hãy quay lại dịch vụ và đăng nhập lại.',
  'oidc.error_for_developers': 'Dành cho người phát triển dịch vụ',
  'oidc.error_code': 'Mã lỗi',
  'oidc.error_description': 'Mô tả',

  'oidc.logout_title': 'Bạn muốn đăng xuất?',
  'oidc.logout_text':
    'Bạn sẽ được đăng xuất khỏi tài khoản định danh trên thiết bị này và khỏi các dịch vụ đã đăng nhập bằng tài khoản này.',
  'oidc.logout_from': '{service} đề nghị đăng xuất.',
  'oidc.logout_yes': 'Đăng xuất',
  'oidc.logout_no': 'Tiếp tục đăng nhập',
  'oidc.logged_out_title': 'Bạn đã đăng xuất',
  'oidc.logged_out_text': 'Nếu dùng máy chung, hãy đóng trình duyệt.',
} as const;
