export const activationVi = {
  'activation.step_identity': 'Thông tin',
  'activation.step_code': 'Mã xác thực',
  'activation.step_password': 'Mật khẩu',
  'activation.step_passcode': 'Passcode',
  'activation.step_questions': 'Câu hỏi bảo mật',
  'activation.step_guardian': 'Người giám hộ',
  'activation.step_done': 'Hoàn tất',

  'activation.start_title': 'Kích hoạt tài khoản định danh điện tử',
  'activation.start_lead':
    'Dành cho người đã được thông báo cấp tài khoản. Bạn cần số định danh cá nhân và điện thoại đã đăng ký khi làm hồ sơ.',
  'activation.citizen_id': 'Số định danh cá nhân',
  'activation.citizen_id_hint': '12 chữ số, in trên thẻ căn cước.',
  'activation.citizen_id_empty': 'Nhập số định danh cá nhân',
  'activation.citizen_id_not_12_digits':
    'Số định danh cá nhân gồm 12 chữ số. Số chứng minh nhân dân 9 số không dùng được.',
  'activation.citizen_id_unknown': 'Số này không phải số định danh cá nhân: hãy kiểm tra 3 chữ số đầu',
  'activation.phone_number': 'Số điện thoại đã đăng ký',
  'activation.phone_number_hint': 'Số bạn khai khi đăng ký tài khoản. Mã xác thực sẽ được gửi đến số này.',
  'activation.phone_number_empty': 'Nhập số điện thoại đã đăng ký',
  'activation.phone_number_invalid': 'Nhập một số di động Việt Nam, ví dụ 0912 345 678',
  'activation.send_request': 'Gửi yêu cầu',
  'activation.what_follows_title': 'Sau đó bạn sẽ làm gì?',
  'activation.what_follows':
    'Nhập mã gửi đến điện thoại, đặt mật khẩu và passcode, trả lời hai câu hỏi bảo mật. Mất khoảng 5 phút.',
  'activation.help_title': 'Không có điện thoại thông minh, hoặc cần người giúp?',
  'activation.help_text':
    'Trang này dùng được trên mọi điện thoại và máy tính. Bạn cũng có thể đến công an xã, phường hoặc điểm hỗ trợ dịch vụ công. Người giúp không được hỏi mật khẩu, passcode hay mã của bạn.',
  'activation.attempt_over': 'Lần kích hoạt trước đã hết thời gian. Chưa có gì thay đổi; hãy bắt đầu lại.',
  'activation.attempt_open': 'Bạn đang kích hoạt dở trên trình duyệt này.',
  'activation.attempt_go_on': 'Tiếp tục bước đang làm',
  'activation.busy':
    'Hệ thống đang bận. Những gì bạn đã hoàn thành vẫn được giữ. Hãy nhập lại câu trả lời và gửi lại sau vài giây',
  'activation.blocked':
    'Đã gửi quá nhiều yêu cầu. Hãy thử lại sau {minutes} phút. Tài khoản không bị khóa vì việc này.',
  'activation.start_again': 'Bắt đầu lại',

  'activation.code_title': 'Nhập mã xác thực',
  'activation.code_sent':
    'Nếu thông tin bạn nhập khớp với hồ sơ, một mã 6 chữ số đã được gửi đến số điện thoại có 3 số cuối {tail}.',
  'activation.code': 'Mã xác thực',
  'activation.code_hint': 'Mã có hiệu lực {minutes} phút. Chỉ mã mới nhất dùng được.',
  'activation.code_never_share': 'Không đưa mã này cho bất kỳ ai, kể cả người tự xưng là cán bộ.',
  'activation.code_malformed': 'Nhập đủ 6 chữ số của mã',
  'activation.code_wrong': 'Mã không đúng. Hãy xem lại tin nhắn mới nhất.',
  'activation.code_expired': 'Mã đã hết hiệu lực. Hãy yêu cầu gửi mã mới.',
  'activation.code_too_many_tries':
    'Mã này đã bị nhập sai quá nhiều lần và không dùng được nữa. Hãy yêu cầu gửi mã mới.',
  'activation.code_none': 'Mã này đã được dùng. Hãy yêu cầu gửi mã mới.',
  'activation.resend_title': 'Chưa nhận được mã?',
  'activation.resend_text':
    'Tin nhắn có thể đến chậm vài phút. Nếu không đến: số điện thoại hoặc số định danh có thể không khớp hồ sơ. Hãy nhập lại, hoặc hỏi công an xã, phường số nào đã được đăng ký.',
  'activation.resend': 'Gửi mã mới',
  'activation.resend_wait': 'Có thể gửi mã mới sau {seconds} giây.',
  'activation.resend_too_early': 'Chưa gửi mã mới: hãy đợi thêm {seconds} giây.',
  'activation.resend_done': 'Đã gửi mã mới. Các mã trước không còn dùng được.',
  'activation.resend_blocked': 'Hôm nay đã gửi quá nhiều mã. Hãy thử lại sau {hours} giờ.',

  'activation.password_title': 'Đặt mật khẩu',
  'activation.password_lead': 'Bạn dùng mật khẩu này mỗi lần đăng nhập.',
  'activation.password': 'Mật khẩu mới',
  'activation.password_hint':
    '8 đến 20 ký tự, có chữ số, chữ hoa, chữ thường và ít nhất một ký tự !\u00a0@\u00a0#\u00a0$\u00a0^\u00a0*\u00a0(\u00a0)\u00a0_',
  'activation.password_too_short': 'Mật khẩu cần ít nhất 8 ký tự',
  'activation.password_too_long': 'Mật khẩu dài nhất 20 ký tự',
  'activation.password_no_digit': 'Thêm ít nhất một chữ số',
  'activation.password_no_upper': 'Thêm ít nhất một chữ hoa',
  'activation.password_no_lower': 'Thêm ít nhất một chữ thường',
  'activation.password_no_symbol': 'Thêm ít nhất một ký tự !\u00a0@\u00a0#\u00a0$\u00a0^\u00a0*\u00a0(\u00a0)\u00a0_',
  'activation.password_has_space': 'Không dùng dấu cách',
  'activation.password_contains_citizen_id': 'Không dùng số định danh của bạn trong mật khẩu',
  'activation.password_contains_phone': 'Không dùng số điện thoại của bạn trong mật khẩu',
  'activation.password_contains_name': 'Không dùng họ tên của bạn trong mật khẩu',
  'activation.password_too_common': 'Mật khẩu này quá phổ biến, dễ bị đoán',

  'activation.known_passcode_title': 'Xác nhận bằng passcode',
  'activation.known_passcode_lead':
    'Tài khoản của bạn đã có passcode từ lần kích hoạt trước. Nhập passcode đó để tiếp tục; passcode được giữ nguyên.',
  'activation.known_passcode': 'Passcode của bạn',
  'activation.known_passcode_hint': '6 chữ số bạn đã đặt.',
  'activation.known_passcode_forgotten': 'Quên passcode?',
  'activation.passcode_title': 'Đặt passcode',
  'activation.passcode_lead':
    'Passcode là 6 chữ số, dùng để xác nhận những việc quan trọng như đổi mật khẩu hay khóa tài khoản. Passcode không thay cho mật khẩu.',
  'activation.passcode': 'Passcode mới',
  'activation.passcode_hint': '6 chữ số khó đoán: không phải ngày sinh, không lặp lại, không liên tiếp.',
  'activation.passcode_not_6_digits': 'Passcode gồm đúng 6 chữ số',
  'activation.passcode_repeated': 'Passcode lặp lại, dễ bị đoán',
  'activation.passcode_run': 'Passcode là dãy số liên tiếp, dễ bị đoán',
  'activation.passcode_pairs': 'Passcode gồm các cặp số giống nhau, dễ bị đoán',
  'activation.passcode_birthday': 'Không dùng ngày sinh làm passcode',
  'activation.passcode_citizen_id_tail': 'Không dùng 6 số cuối của số định danh làm passcode',
  'activation.passcode_phone_tail': 'Không dùng 6 số cuối của số điện thoại làm passcode',

  'activation.questions_title': 'Chọn hai câu hỏi bảo mật',
  'activation.questions_lead':
    'Dùng khi bạn quên mật khẩu. Hãy chọn câu trả lời mà chỉ bạn biết. Chữ hoa, dấu và khoảng trắng không quan trọng.',
  'activation.question_1': 'Câu hỏi thứ nhất',
  'activation.answer_1': 'Câu trả lời thứ nhất',
  'activation.question_2': 'Câu hỏi thứ hai',
  'activation.answer_2': 'Câu trả lời thứ hai',
  'activation.choose_question': 'Chọn một câu hỏi',
  'activation.answer_not_chosen': 'chọn một câu hỏi',
  'activation.answer_same_question': 'chọn câu hỏi khác với câu thứ nhất',
  'activation.answer_too_short': 'nhập ít nhất 2 ký tự',
  'activation.answer_too_long': 'dài nhất 100 ký tự',
  'activation.answer_same_answer': 'phải khác câu trả lời thứ nhất',
  'activation.finish': 'Kích hoạt tài khoản',
  'activation.finish_credentials': 'Lưu và hoàn tất',
  'activation.ask_guardian': 'Gửi người giám hộ xác nhận',
  'activation.question.first_school': 'Trường học đầu tiên tên là gì?',
  'activation.question.favourite_teacher': 'Bạn quý thầy, cô giáo nào nhất?',
  'activation.question.childhood_friend': 'Bạn thân nhất hồi nhỏ tên là gì?',
  'activation.question.childhood_nickname': 'Hồi nhỏ ở nhà gọi bạn là gì?',
  'activation.question.first_job': 'Công việc đầu tiên của bạn là gì?',
  'activation.question.favourite_dish': 'Món ăn bạn thích nhất là gì?',
  'activation.question.favourite_song': 'Bài hát bạn thích nhất là gì?',
  'activation.question.first_journey': 'Chuyến đi xa đầu tiên đến đâu?',
  'activation.question.first_pet': 'Con vật nuôi đầu tiên tên là gì?',
  'activation.question.grandmother_name': 'Bà của bạn tên là gì?',

  'activation.credentials_notice':
    'Tài khoản này đã được kích hoạt từ trước, nhưng chưa có mật khẩu trên hệ thống này. Bạn đặt mật khẩu, passcode và câu hỏi bảo mật để đăng nhập; lần kích hoạt trước được giữ nguyên.',

  'activation.guardian_title': 'Chờ người giám hộ xác nhận',
  'activation.guardian_lead':
    'Bạn đã làm xong phần của mình. Người giám hộ cần đăng nhập tài khoản mức độ 2 của họ và xác nhận thì tài khoản mới được kích hoạt.',
  'activation.guardian_how':
    'Người giám hộ đã được báo bằng tin nhắn. Họ cũng có thể đăng nhập trên thiết bị của mình rồi mở địa chỉ này:',
  'activation.guardian_until': 'Yêu cầu có hiệu lực đến {until}.',
  'activation.guardian_check': 'Kiểm tra lại',
  'activation.guardian_still_waiting': 'Người giám hộ chưa xác nhận.',

  'activation.requests_title': 'Yêu cầu kích hoạt chờ bạn xác nhận',
  'activation.requests_lead': 'Là người giám hộ, bạn xác nhận thì tài khoản của người được giám hộ mới được kích hoạt.',
  'activation.requests_none': 'Không có yêu cầu nào đang chờ.',
  'activation.requests_open': 'Xem và xác nhận',
  'activation.confirm_title': 'Xác nhận kích hoạt cho người bạn giám hộ',
  'activation.confirm_name': 'Họ và tên',
  'activation.confirm_citizen_id': 'Số định danh cá nhân',
  'activation.confirm_level': 'Mức độ tài khoản',
  'activation.confirm_level_value': 'Mức độ {level}',
  'activation.confirm_credentials_only': 'Đã kích hoạt; đặt mật khẩu và passcode',
  'activation.confirm_asked_at': 'Yêu cầu lúc',
  'activation.confirm_until': 'Hiệu lực đến',
  'activation.confirm_warning':
    'Chỉ xác nhận khi chính người này nhờ bạn. Tên bạn được ghi vào nhật ký cùng lần kích hoạt.',
  'activation.confirm_passcode': 'Passcode của bạn',
  'activation.confirm_passcode_hint': '6 chữ số bạn đã đặt cho tài khoản của mình.',
  'activation.confirm': 'Xác nhận kích hoạt',
  'activation.confirm_wrong_passcode': 'Passcode không đúng',
  'activation.confirm_blocked': 'Đã nhập sai nhiều lần. Hãy thử lại sau {minutes} phút.',
  'activation.confirm_level_too_low':
    'Tài khoản của bạn cần được kích hoạt ở mức độ 2 thì mới xác nhận được cho người khác.',
  'activation.confirmed_title': 'Đã kích hoạt tài khoản của người bạn giám hộ',
  'activation.confirmed_lead': 'Từ bây giờ người này có thể đăng nhập bằng mật khẩu vừa đặt.',
  'activation.confirm_not_done_title': 'Yêu cầu này không kích hoạt được',
  'activation.confirm_not_done_lead': 'Tình trạng tài khoản đã thay đổi. Hãy bắt đầu lại, hoặc liên hệ tổng đài.',
  'activation.sign_in_first_title': 'Đăng nhập để xem yêu cầu',
  'activation.sign_in_first_lead':
    'Trang này dành cho người giám hộ. Hãy đăng nhập tài khoản của bạn, sau đó mở lại địa chỉ này.',
  'activation.to_requests': 'Xem các yêu cầu khác',

  'activation.sign_in': 'Đăng nhập',
  'activation.recover': 'Quên mật khẩu?',
  'activation.outcome_activated_title': 'Đã kích hoạt tài khoản',
  'activation.outcome_activated': 'Tài khoản định danh điện tử mức độ {levels} của bạn đã được kích hoạt lúc {at}.',
  'activation.outcome_credentials_set_title': 'Đã đặt mật khẩu và passcode',
  'activation.outcome_credentials_set': 'Tài khoản đã kích hoạt từ trước của bạn nay có thể đăng nhập.',
  'activation.outcome_sms': 'Một tin nhắn báo việc này đã được gửi đến điện thoại của bạn.',
  'activation.outcome_next_title': 'Bước tiếp theo',
  'activation.outcome_next': 'Đăng nhập lần đầu để bắt đầu sử dụng.',
  'activation.outcome_assisted':
    'Thiết bị này không giữ lại gì của bạn. Hãy đăng nhập trên thiết bị của chính bạn, và không cho ai biết mật khẩu, passcode.',
  'activation.outcome_other_level_late':
    'Mức độ còn lại đã quá hạn tự kích hoạt ({day}). Hãy gọi tổng đài để được mở lại.',
  'activation.outcome_late_title': 'Đã quá hạn tự kích hoạt',
  'activation.outcome_late':
    'Hạn tự kích hoạt của bạn là hết ngày {day}. Tài khoản không bị mất: tổng đài hoặc công an sẽ xác minh và mở lại để bạn kích hoạt.',
  'activation.outcome_late_do':
    'Gọi tổng đài định danh và xác thực điện tử, hoặc mang thẻ căn cước đến công an xã, phường, điểm hỗ trợ dịch vụ công gần nhất. Sau đó bắt đầu lại tại trang này.',
  'activation.outcome_locked_title': 'Tài khoản đang bị khóa',
  'activation.outcome_locked': 'Khi đang bị khóa, tài khoản không kích hoạt và không đăng nhập được.',
  'activation.outcome_locked_do':
    'Mang thẻ căn cước đến công an xã, phường để biết lý do và yêu cầu mở khóa. Khi không còn lý do khóa nào, bạn kích hoạt lại tại trang này.',
  'activation.outcome_deceased_title': 'Không thể kích hoạt tài khoản này',
  'activation.outcome_deceased': 'Hộ tịch ghi nhận chủ tài khoản đã mất, nên tài khoản đã bị khóa.',
  'activation.outcome_deceased_do':
    'Nếu thông tin này không đúng, hãy đến công an xã, phường hoặc cơ quan đăng ký hộ tịch để đính chính. Nếu bạn là người thân, bạn không cần làm gì thêm.',
  'activation.outcome_closed_title': 'Tài khoản đã đóng',
  'activation.outcome_closed': 'Số định danh này đã được hủy hoặc gộp, nên tài khoản không còn dùng được.',
  'activation.outcome_closed_do': 'Hãy đến công an xã, phường để biết số định danh hiện tại của bạn.',
  'activation.outcome_already_active_title': 'Tài khoản đã được kích hoạt',
  'activation.outcome_already_active': 'Bạn không cần kích hoạt lại. Hãy đăng nhập bằng mật khẩu đã đặt.',
  'activation.outcome_already_active_do':
    'Nếu không phải bạn đã kích hoạt, hãy gọi ngay tổng đài hoặc đến công an xã, phường để khóa tài khoản.',
  'activation.outcome_overtaken_title': 'Tài khoản vừa thay đổi ở nơi khác',
  'activation.outcome_overtaken':
    'Trong lúc bạn làm, tài khoản đã được kích hoạt hoặc thay đổi trên một thiết bị khác. Những gì bạn vừa nhập ở đây không được lưu.',
  'activation.outcome_overtaken_do':
    'Nếu chính bạn đã làm trên thiết bị kia, hãy đăng nhập. Nếu không, hãy gọi ngay tổng đài hoặc đến công an xã, phường để khóa tài khoản.',
  'activation.outcome_nothing_granted_title': 'Chưa có tài khoản chờ kích hoạt',
  'activation.outcome_nothing_granted':
    'Số điện thoại của bạn đã được xác nhận, nhưng hồ sơ chưa được duyệt hoặc thông báo chưa được gửi.',
  'activation.outcome_nothing_granted_do':
    'Hãy đợi tin nhắn báo hồ sơ được duyệt rồi quay lại. Nếu đã lâu, hãy hỏi công an xã, phường nơi bạn nộp hồ sơ.',
  'activation.outcome_guardian_missing_title': 'Chưa có người giám hộ trong hồ sơ',
  'activation.outcome_guardian_missing':
    'Tài khoản này cần người giám hộ xác nhận, nhưng hồ sơ chưa ghi người giám hộ nào có tài khoản định danh.',
  'activation.outcome_guardian_missing_do':
    'Cha, mẹ hoặc người giám hộ hãy đến công an xã, phường để bổ sung vào hồ sơ, rồi bắt đầu lại tại trang này.',
} as const;
