export const sandboxVi = {
  'sandbox.title': 'Công cụ thử nghiệm',
  'sandbox.lead':
    'Mọi thứ cần để thử hệ thống: nhân vật hư cấu với đầy đủ mật khẩu và mã, hộp thư tin nhắn, ứng dụng đã đăng ký sẵn. Trang này không có ở môi trường thật.',
  'sandbox.back': 'Về trang công cụ thử nghiệm',
  'sandbox.as_json': 'Lấy bằng JSON',
  'sandbox.not_seeded': 'Chưa có nhân vật nào trong sổ. Thêm bằng lệnh:',

  'sandbox.personas_title': 'Nhân vật thử nghiệm',
  'sandbox.personas_lead':
    'Số định danh của họ bắt đầu bằng 999, đầu số không cấp cho ai. Bạn thấy ở đây tình trạng hiện tại, và mọi điều cần gõ.',
  'sandbox.personas_text':
    'Mỗi người đứng ở một tình huống. Dùng số định danh và điện thoại để kích hoạt, mật khẩu để đăng nhập.',
  'sandbox.personas_caption': 'Ai là ai, và gõ gì',
  'sandbox.personas_all': 'Xem đầy đủ từng người: câu hỏi bảo mật, ngày cấp thẻ, thời hạn kích hoạt',
  'sandbox.key': 'Khóa',
  'sandbox.who': 'Là ai',
  'sandbox.numbers': 'Số định danh, điện thoại',
  'sandbox.secrets': 'Mật khẩu, passcode',
  'sandbox.login_hint': 'login_hint',
  'sandbox.citizen_id': 'Số định danh',
  'sandbox.phone': 'Số điện thoại',
  'sandbox.born': 'Ngày sinh',
  'sandbox.card_issued': 'Ngày cấp thẻ',
  'sandbox.levels': 'Mức độ tài khoản',
  'sandbox.guardian': 'Người giám hộ',
  'sandbox.password': 'Mật khẩu',
  'sandbox.passcode': 'Passcode',
  'sandbox.question_1': 'Câu hỏi 1',
  'sandbox.question_2': 'Câu hỏi 2',
  'sandbox.female': 'Nữ',
  'sandbox.male': 'Nam',

  'sandbox.persona_l2_active': 'Người lớn, mức độ 2 đã kích hoạt, có ứng dụng xác thực (TOTP)',
  'sandbox.persona_l1_active': 'Người lớn, mức độ 1 đã kích hoạt, nhận mã qua tin nhắn',
  'sandbox.persona_l1_active_l2_pending': 'Mức độ 1 đang dùng, mức độ 2 chờ kích hoạt',
  'sandbox.persona_pending': 'Mức độ 2 vừa được cấp và báo hôm nay, chưa kích hoạt',
  'sandbox.persona_late': 'Mức độ 2 báo từ 30 ngày trước, quá hạn tự kích hoạt',
  'sandbox.persona_locked': 'Mức độ 2, bị khóa theo yêu cầu của chính mình',
  'sandbox.persona_deceased': 'Mức độ 2, bị khóa sau thông báo khai tử',
  'sandbox.persona_child': '10 tuổi, mức độ 1 cấp theo yêu cầu; người giám hộ xác nhận khi kích hoạt',
  'sandbox.persona_teen': '15 tuổi, mức độ 2 đã kích hoạt',
  'sandbox.persona_foreigner': 'Người nước ngoài cư trú, mức độ 2 đã kích hoạt',
  'sandbox.persona_elder': '78 tuổi, mức độ 2 chờ kích hoạt với sự giúp đỡ tại điểm hỗ trợ',
  'sandbox.made_person': 'Người được tạo ở trang này.',
  'sandbox.made_facts': 'Mọi điều cần gõ',

  'sandbox.status_provisional': 'Chưa kích hoạt',
  'sandbox.status_active': 'Đang hoạt động',
  'sandbox.status_locked': 'Bị khóa',
  'sandbox.status_closed': 'Đã đóng',
  'sandbox.grant_granted': 'Mức độ {level}: đã cấp, chưa báo',
  'sandbox.grant_pending_activation': 'Mức độ {level}: chờ kích hoạt, đến {due}',
  'sandbox.grant_late_activation': 'Mức độ {level}: quá hạn từ {due}',
  'sandbox.grant_activated': 'Mức độ {level}: đã kích hoạt',
  'sandbox.secrets_to_choose': 'Người này chưa chọn mật khẩu. Các giá trị dưới đây là gợi ý để chọn khi kích hoạt.',
  'sandbox.secrets_changed':
    'Mật khẩu, passcode hoặc câu trả lời đã được đặt trong lúc thử. Hệ thống chỉ giữ dạng băm, nên các giá trị dưới đây có thể không còn đúng.',

  'sandbox.totp': 'Mã của ứng dụng xác thực',
  'sandbox.totp_text':
    'Mỗi mã chỉ dùng được một lần. Nếu mã hiện tại đã dùng, gõ mã kế tiếp: hệ thống nhận sớm một nhịp. Tải lại trang để có mã mới.',
  'sandbox.totp_for': '(còn {seconds} giây)',
  'sandbox.totp_next': 'kế tiếp',
  'sandbox.totp_key': 'Khóa để nhập vào ứng dụng xác thực',

  'sandbox.silent_title': 'Đăng nhập không cần trang',
  'sandbox.silent_text':
    'Thêm login_hint=persona:<khóa> vào yêu cầu đăng nhập. Hệ thống đăng nhập người đó ở đúng mức yêu cầu, đồng ý thay, và trả mã ngay trong lần chuyển hướng đầu tiên:',
  'sandbox.silent_verifier': 'code_verifier của ví dụ (RFC 7636, phụ lục B):',
  'sandbox.silent_more':
    'Người không được đăng nhập (bị khóa, đã mất, chưa kích hoạt) nhận lỗi OAuth cũng trong lần chuyển hướng đó.',

  'sandbox.clients_title': 'Ứng dụng đăng ký sẵn',
  'sandbox.clients_text': 'Dùng được ngay, không cần đăng ký. Bạn cũng có thể tự đăng ký ứng dụng mới.',
  'sandbox.developers_more': 'Hướng dẫn kết nối: điểm cuối, phạm vi, thuộc tính, lỗi',

  'sandbox.demos_title': 'Ba dịch vụ mẫu',
  'sandbox.demos_text':
    'Chúng chỉ biết hệ thống qua HTTP, như dịch vụ của bạn, và cho xem từng mã thông báo nhận được.',
  'sandbox.demo_ihanoi': 'Cổng thành phố (mức độ 1)',
  'sandbox.demo_health': 'Sổ sức khỏe điện tử (mức độ 2, hai yếu tố)',
  'sandbox.demo_judicial': 'Phiếu lý lịch tư pháp (mức độ 2, đăng nhập lại)',

  'sandbox.inbox_section': 'Hộp thư tin nhắn',
  'sandbox.inbox_text':
    'Mọi tin nhắn hệ thống gửi đi nằm ở đây thay vì đến điện thoại. Mở hộp thư của một nhân vật trong bảng trên, hoặc gõ số điện thoại bất kỳ.',
  'sandbox.inbox_show': 'Xem tin nhắn',
  'sandbox.inbox_open': 'Xem tin nhắn',
  'sandbox.inbox_title': 'Tin nhắn của {name}',
  'sandbox.inbox_lead': 'Mới nhất ở trên.',
  'sandbox.inbox_reload': 'Tải lại',
  'sandbox.inbox_empty': 'Chưa có tin nhắn nào.',

  'sandbox.people_title': 'Tạo người mới',
  'sandbox.people_text':
    'Khi cần một người chưa ai dùng: để thử kích hoạt lần nữa, hoặc thử một tuổi khác. Người dưới 14 tuổi có nhân vật l2-active làm giám hộ.',
  'sandbox.people_json': 'Hoặc bằng một lệnh; câu trả lời có mọi điều cần gõ:',
  'sandbox.wish_level': 'Mức độ tài khoản',
  'sandbox.wish_status': 'Tình trạng',
  'sandbox.wish_pending': 'Chờ kích hoạt, báo hôm nay',
  'sandbox.wish_late': 'Quá hạn, báo từ 30 ngày trước',
  'sandbox.wish_activated': 'Đã kích hoạt, đăng nhập được',
  'sandbox.wish_locked': 'Đã kích hoạt rồi bị khóa',
  'sandbox.wish_age': 'Tuổi',
  'sandbox.wish_gender': 'Giới tính',
  'sandbox.wish_name': 'Họ và tên',
  'sandbox.wish_name_hint': 'Để trống thì hệ thống tự đặt. Đừng dùng tên người thật.',
  'sandbox.make_person': 'Tạo người',
  'sandbox.problem_not_offered': 'Chọn một giá trị có trong danh sách, hoặc gõ cho đúng dạng.',
  'sandbox.problem_too_young': 'Ở tuổi này pháp luật không cấp mức độ đó.',

  'sandbox.reset_title': 'Làm lại từ đầu',
  'sandbox.reset_text':
    'Xóa dữ liệu thử nghiệm và tạo lại mọi nhân vật. Muốn chỉ thêm nhân vật còn thiếu và mở lại thời hạn của người đang chờ: npx dinhdanh seed.',
} as const;
