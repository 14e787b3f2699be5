export const recoveryVi = {
  'recovery.step_identity': 'Thông tin',
  'recovery.step_code': 'Mã xác thực',
  'recovery.step_proof': 'Xác minh thêm',
  'recovery.step_secret': 'Đặt lại',
  'recovery.step_done': 'Hoàn tất',

  'recovery.start_title': 'Quên mật khẩu hoặc passcode',
  'recovery.start_lead':
    'Bạn cần số định danh, điện thoại đã đăng ký, và thêm một trong hai: ứng dụng xác thực đã bật, hoặc ngày cấp trên thẻ căn cước.',
  'recovery.target': 'Bạn muốn đặt lại',
  'recovery.target_password': 'Mật khẩu',
  'recovery.target_password_hint': 'Dùng mỗi lần đăng nhập.',
  'recovery.target_passcode': 'Passcode',
  'recovery.target_passcode_hint': '6 chữ số, xác nhận việc quan trọng.',
  'recovery.target_not_chosen': 'Chọn mật khẩu hoặc passcode',
  'recovery.not_activated_title': 'Chưa kích hoạt tài khoản?',
  'recovery.not_activated_text': 'Nếu bạn chưa từng đặt mật khẩu, hãy kích hoạt tài khoản trước.',
  'recovery.go_activate': 'Kích hoạt tài khoản',
  'recovery.no_phone_title': 'Không còn dùng số điện thoại đã đăng ký?',
  'recovery.no_phone_text':
    'Hãy mang thẻ căn cước đến công an xã, phường để đổi số điện thoại. Sau đó bạn kích hoạt lại trên web.',
  'recovery.attempt_over': 'Lần đặt lại trước đã hết thời gian. Chưa có gì thay đổi; hãy bắt đầu lại.',
  'recovery.attempt_open': 'Bạn đang đặt lại dở trên trình duyệt này.',
  'recovery.attempt_go_on': 'Tiếp tục bước đang làm',

  'recovery.otp_title': 'Nhập mã từ ứng dụng xác thực',
  'recovery.otp_lead':
    'Điện thoại của bạn đã được xác nhận. Tài khoản có bật ứng dụng xác thực, nên cần thêm mã của ứng dụng.',
  'recovery.otp': 'Mã đang hiện trong ứng dụng',
  'recovery.otp_hint': '6 chữ số.',
  'recovery.otp_malformed': 'Nhập mã gồm 6 chữ số',
  'recovery.otp_wrong': 'Mã không đúng hoặc đã được dùng. Bạn còn {count} lần thử.',
  'recovery.card_title': 'Nhập ngày cấp thẻ căn cước',
  'recovery.card_lead': 'Điện thoại của bạn đã được xác nhận. Để chắc chắn đó là bạn, hãy xem thẻ căn cước của mình.',
  'recovery.card': 'Ngày cấp thẻ',
  'recovery.card_hint': 'In ở mặt sau của thẻ, ví dụ 15/03/2022.',
  'recovery.card_malformed': 'Nhập ngày theo dạng ngày/tháng/năm, ví dụ 15/03/2022',
  'recovery.card_wrong': 'Ngày này không khớp với hồ sơ. Bạn còn {count} lần thử.',
  'recovery.proof_throttled':
    'Hôm nay đã xác minh sai nhiều lần. Hãy thử lại sau {hours} giờ, hoặc đến công an xã, phường.',
  'recovery.proof_help_title': 'Không có thông tin này?',
  'recovery.proof_help':
    'Hãy mang thẻ căn cước đến công an xã, phường hoặc gọi tổng đài: bạn được xác minh trực tiếp rồi đặt lại.',

  'recovery.password_title': 'Đặt mật khẩu mới',
  'recovery.passcode_title': 'Đặt passcode mới',
  'recovery.secret_ends': 'Sau khi lưu, bạn bị đăng xuất ở mọi nơi và các dịch vụ đã kết nối phải xin lại.',
  'recovery.password_save': 'Lưu mật khẩu',
  'recovery.passcode_save': 'Lưu passcode',

  'recovery.recovered_password_title': 'Đã đặt mật khẩu mới',
  'recovery.recovered_passcode_title': 'Đã đặt passcode mới',
  'recovery.recovered': 'Mọi phiên đăng nhập đã kết thúc. Một tin nhắn báo đã được gửi đến điện thoại của bạn.',
  'recovery.sign_in': 'Đăng nhập',

  'recovery.outcome_closed_title': 'Tài khoản đã đóng',
  'recovery.outcome_closed': 'Số định danh này đã được hủy hoặc gộp, nên tài khoản không còn dùng được.',
  'recovery.outcome_closed_do': 'Hãy đến công an xã, phường để biết số định danh hiện tại của bạn.',
  'recovery.outcome_deceased_title': 'Không đặt lại được cho tài khoản này',
  'recovery.outcome_deceased': 'Hộ tịch ghi nhận chủ tài khoản đã mất, nên tài khoản đã bị khóa.',
  'recovery.outcome_deceased_do':
    'Nếu thông tin này không đúng, hãy đến công an xã, phường hoặc cơ quan đăng ký hộ tịch để đính chính.',
  'recovery.outcome_locked_title': 'Tài khoản đang bị khóa',
  'recovery.outcome_locked': 'Khi tài khoản bị khóa, không đặt lại được mật khẩu hay passcode.',
  'recovery.outcome_locked_do':
    'Mang thẻ căn cước đến công an xã, phường hoặc gọi tổng đài để biết lý do và cách mở khóa. Sau khi mở, hãy làm lại tại trang này.',
  'recovery.outcome_not_activated_title': 'Tài khoản này chưa có mật khẩu',
  'recovery.outcome_not_activated':
    'Tài khoản chưa được kích hoạt, cần kích hoạt lại sau khi đổi số điện thoại, hoặc được kích hoạt ở nơi khác mà chưa đặt mật khẩu ở đây.',
  'recovery.outcome_not_activated_do': 'Hãy kích hoạt: bạn sẽ đặt mật khẩu và passcode tại đó.',
  'recovery.outcome_no_second_proof_title': 'Không xác minh thêm được trên web',
  'recovery.outcome_no_second_proof': 'Hồ sơ của bạn không có ngày cấp thẻ, và bạn chưa bật ứng dụng xác thực.',
  'recovery.outcome_no_second_proof_do': 'Hãy mang giấy tờ đến công an xã, phường để được xác minh trực tiếp.',
  'recovery.outcome_proof_tries_used_up_title': 'Đã xác minh sai quá nhiều lần',
  'recovery.outcome_proof_tries_used_up': 'Lần đặt lại này đã kết thúc. Mật khẩu và passcode của bạn vẫn như cũ.',
  'recovery.outcome_proof_tries_used_up_do':
    'Xem lại thẻ hoặc ứng dụng rồi làm lại từ đầu, hoặc đến công an xã, phường. Nếu không phải bạn đang làm việc này, hãy gọi tổng đài.',
  'recovery.outcome_overtaken_title': 'Tài khoản vừa thay đổi ở nơi khác',
  'recovery.outcome_overtaken':
    'Trong lúc bạn làm, tài khoản đã được đặt lại hoặc thay đổi ở một nơi khác. Những gì bạn vừa nhập không được lưu.',
  'recovery.outcome_overtaken_do':
    'Nếu chính bạn đã làm ở nơi kia, hãy đăng nhập. Nếu không, hãy gọi ngay tổng đài hoặc đến công an xã, phường để khóa tài khoản.',
  'recovery.start_again': 'Làm lại từ đầu',
} as const;
