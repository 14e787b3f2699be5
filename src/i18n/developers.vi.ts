export const developersVi = {
  'developers.title': 'Dành cho nhà phát triển',
  'developers.lead':
    'Kết nối dịch vụ của bạn bằng OpenID Connect chuẩn: luồng mã ủy quyền với PKCE. Một thư viện OIDC bất kỳ chỉ cần địa chỉ dưới đây.',
  'developers.statistics': 'Số liệu, dữ liệu mở (OpenAPI)',
  'developers.discovery': 'Địa chỉ khám phá (discovery)',
  'developers.contents': 'Trong trang này',

  'developers.first_token': 'Mã thông báo đầu tiên, bằng curl',
  'developers.first_token_text':
    'Ba lệnh, chạy được ngay. Lệnh đầu in ra địa chỉ chuyển hướng có code; code sống 60 giây và chỉ đổi được một lần.',
  'developers.first_token_note':
    'login_hint=persona:… đăng nhập một nhân vật thử nghiệm mà không cần trang nào. Bỏ nó đi và mở địa chỉ trong trình duyệt để thấy những gì người dân thấy.',
  'developers.first_token_production':
    'Thay client_id, redirect_uri bằng của bạn, và mở địa chỉ đầu tiên trong trình duyệt: người dân đăng nhập, xem dịch vụ xin gì, rồi quyết định.',
  'developers.step_code': '1. Xin code',
  'developers.step_token': '2. Đổi code lấy mã thông báo',
  'developers.step_userinfo': '3. Đọc thông tin',

  'developers.endpoints': 'Điểm cuối',
  'developers.endpoints_caption': 'Tất cả đều có trong tài liệu khám phá; đừng ghi cứng trong mã',
  'developers.endpoint': 'Địa chỉ',
  'developers.endpoint_for': 'Để làm gì',
  'developers.endpoint_authorize': 'Đưa người dân đến đây để đăng nhập và đồng ý (code, PKCE S256)',
  'developers.endpoint_token': 'Đổi code, làm mới, client_credentials',
  'developers.endpoint_userinfo': 'Thuộc tính mà người dân đã đồng ý',
  'developers.endpoint_jwks': 'Khóa công khai để kiểm chữ ký',
  'developers.endpoint_par': 'Gửi trước yêu cầu ủy quyền (PAR, RFC 9126)',
  'developers.endpoint_register': 'Đăng ký ứng dụng (RFC 7591)',
  'developers.endpoint_introspect': 'Kiểm tra mã thông báo (RFC 7662)',
  'developers.endpoint_revoke': 'Thu hồi mã thông báo (RFC 7009)',
  'developers.endpoint_logout': 'Đăng xuất do dịch vụ khởi đầu',

  'developers.clients': 'Ứng dụng đăng ký sẵn',
  'developers.clients_text':
    'Chỉ có trong môi trường thử nghiệm. Bí mật của chúng ai cũng biết, nên không có giá trị ở nơi nào khác.',
  'developers.clients_caption': 'Dùng được ngay',
  'developers.client_name': 'Tên',
  'developers.client_auth': 'Xác thực ứng dụng',
  'developers.client_least': 'Mức tối thiểu',
  'developers.client_least_text': 'tài khoản {account}, xác thực {auth}',

  'developers.scopes': 'Phạm vi và thuộc tính',
  'developers.scopes_text':
    'Một thuộc tính chỉ được trả khi ba điều cùng đúng: phạm vi được xin, người dân đồng ý, và tài khoản đang ở mức độ cần thiết lúc trả. Xin vừa đủ: mỗi phạm vi hiện ra trước mắt người dân.',
  'developers.scopes_caption': 'Phạm vi nào mở thuộc tính nào',
  'developers.scope': 'Phạm vi',
  'developers.claims': 'Thuộc tính',
  'developers.least_level': 'Mức độ tài khoản tối thiểu',
  'developers.any_level': 'Mọi mức độ',
  'developers.level': 'Mức độ {level}',
  'developers.level_with_basis': 'Mức độ {level} và căn cứ pháp lý được ghi nhận',
  'developers.scope_audience': 'Không có thuộc tính; là đối tượng của mã truy cập (resource)',
  'developers.scope_refresh': 'Không có thuộc tính; cho mã làm mới',
  'developers.sub':
    'sub là mã ngẫu nhiên riêng cho từng dịch vụ (pairwise): hai dịch vụ không ghép được người dùng với nhau. Hai ứng dụng cùng máy chủ và cổng chuyển hướng dùng chung một sub. Không bao giờ suy ra được số định danh từ sub.',
  'developers.legacy':
    'Tên thuộc tính của các tích hợp cũ (citizenPid, fullName, birthDate, accountType, accountLevel) có thể bật cho từng ứng dụng khi đăng ký; nghĩa không đổi.',

  'developers.levels': 'Hai loại mức độ, đừng lẫn',
  'developers.levels_text':
    'acr nói lần này người dân đăng nhập mạnh đến đâu. account_level nói người đó đã được xác minh kỹ đến đâu khi cấp tài khoản. Một người mức độ 2 vẫn có thể đăng nhập chỉ bằng mật khẩu (acr 1), và ngược lại.',
  'developers.acr_caption': 'acr: mức xác thực của phiên này, theo thứ tự tăng dần',
  'developers.acr_how': 'Cách đăng nhập',
  'developers.acr_today': 'Hiện có',
  'developers.acr_1': 'Một yếu tố: mật khẩu',
  'developers.acr_2': 'Hai yếu tố khác loại: mật khẩu và mã qua tin nhắn hoặc ứng dụng xác thực',
  'developers.acr_3': 'Hai yếu tố trở lên, một là sinh trắc học',
  'developers.acr_4': 'Sinh trắc học, thứ đang giữ và thứ đang biết',
  'developers.yes': 'Có',
  'developers.not_yet': 'Chưa',
  'developers.account_level_caption': 'account_level: mức độ tài khoản (phạm vi account)',
  'developers.account_level_1': 'Đăng ký từ xa: số định danh, họ tên, ngày sinh, giới tính, ảnh chân dung',
  'developers.account_level_2': 'Đăng ký trực tiếp, có ảnh mặt và vân tay; kèm căn cước điện tử',
  'developers.acr_values':
    'Xin mức bằng acr_values: tự nguyện, hệ thống cố gắng và nói thật mức đạt được. Bắt buộc thì dùng tham số claims: không đạt sẽ là lỗi unmet_authentication_requirements, không bao giờ là mã thông báo yếu hơn. Dịch vụ nào cũng phải tự so acr nhận được theo thứ tự, lớn hơn cũng là đạt.',
  'developers.acr_essential': 'Bắt buộc hai yếu tố: giá trị của tham số claims',
  'developers.fresh':
    'Cần đăng nhập mới cho việc hệ trọng: prompt=login hoặc max_age, rồi tự kiểm auth_time. amr kể từng yếu tố theo RFC 8176: pwd, sms, otp, mfa.',

  'developers.errors': 'Lỗi',
  'developers.errors_text':
    'Lỗi của giao thức theo OAuth và OpenID Connect. Lý do riêng tư của một người (bị khóa, đã mất, mức độ thấp) hiện cho chính người đó trên trang của chúng tôi, và với dịch vụ đều là một lỗi access_denied với cùng một câu.',
  'developers.errors_caption': 'Gặp lỗi nào, làm gì',
  'developers.error': 'Lỗi',
  'developers.error_means': 'Nghĩa là gì, làm gì',
  'developers.error_access_denied':
    'Người dân từ chối, hoặc tài khoản không dùng được cho dịch vụ này. Cho họ lối quay lại; đừng đoán lý do.',
  'developers.error_unmet':
    'Mức xác thực bắt buộc không đạt được. Xin mức thấp hơn nếu nghiệp vụ cho phép, hoặc mời người dân dùng cách khác.',
  'developers.error_login_required':
    'prompt=none, nhưng chưa có phiên phù hợp (gồm cả phiên không đủ mạnh). Gửi lại không có prompt=none.',
  'developers.error_consent_required': 'prompt=none, nhưng có điều chưa được đồng ý. Gửi lại không có prompt=none.',
  'developers.error_invalid_request': 'Thiếu hoặc sai tham số; thường là thiếu code_challenge. Đọc error_description.',
  'developers.error_invalid_client': 'Sai client_id, bí mật hoặc cách xác thực ứng dụng.',
  'developers.error_invalid_grant':
    'code hay mã làm mới đã dùng, hết hạn, bị thu hồi, hoặc code_verifier không khớp. Bắt đầu lại; dùng lại mã làm mới cũ làm mất cả chuỗi.',
  'developers.error_invalid_scope': 'Phạm vi mà ứng dụng này không được xin.',
  'developers.error_invalid_target': 'resource không có hoặc không được phép.',
  'developers.error_redirect':
    'redirect_uri không khớp từng ký tự với đăng ký: lỗi hiện trên trang của chúng tôi kèm mã tham chiếu, không chuyển hướng.',

  'developers.register': 'Đăng ký ứng dụng',
  'developers.register_sandbox':
    'Trong môi trường thử nghiệm, đăng ký động (RFC 7591) mở cho mọi người. Ứng dụng đăng ký kiểu này không bao giờ nhận được citizen_id.',
  'developers.register_production':
    'Ở môi trường thật, người vận hành đăng ký ứng dụng, ghi mục đích và căn cứ pháp lý; bí mật chỉ hiện một lần.',
  'developers.register_curl': 'Đăng ký động',
  'developers.register_cli': 'Bởi người vận hành',

  'developers.refresh': 'Mã làm mới',
  'developers.refresh_text':
    'Xin offline_access với prompt=consent. Mỗi lần làm mới cho một mã mới và mã cũ hết hiệu lực; nếu mã cũ được dùng lại, cả chuỗi bị thu hồi. Rút đồng ý hoặc khóa tài khoản cũng chấm dứt mọi mã ngay.',
  'developers.machine': 'Máy gọi máy',
  'developers.machine_text': 'client_credentials, không có người dân, không có sub của ai.',
  'developers.resource': 'Mã truy cập cho API riêng (resource indicators, RFC 8707)',
  'developers.resource_text':
    'Bình thường mã truy cập là mờ và chỉ dùng tại đây. Xin resource để có một JWT cho đúng một API, sống không quá 60 giây: JWT không thu hồi được nên không được sống lâu.',
  'developers.par': 'Gửi trước yêu cầu (PAR)',
  'developers.par_text':
    'Gửi tham số qua kênh máy chủ, rồi chỉ mang request_uri qua trình duyệt: không ai sửa hay đọc được yêu cầu.',
  'developers.private_key_jwt': 'Xác thực ứng dụng bằng khóa (private_key_jwt)',
  'developers.private_key_jwt_text':
    'Thay cho bí mật chung: đăng ký jwks hoặc jwks_uri, ký một JWT ngắn hạn bằng khóa riêng (ES256) cho mỗi lần gọi. iss và sub là client_id, aud là địa chỉ issuer, jti chỉ dùng một lần.',
  'developers.assertion': 'Nội dung client_assertion',
  'developers.logout': 'Đăng xuất',
  'developers.logout_text':
    'Đưa trình duyệt đến điểm cuối đăng xuất với id_token_hint. Chiều ngược lại: đăng ký backchannel_logout_uri, và hệ thống gửi logout_token (JWT có sid, sub) khi phiên kết thúc, tài khoản bị khóa hoặc người dân rút đồng ý; gửi lại vài lần nếu dịch vụ chưa trả lời 200.',
  'developers.checklist': 'Trước khi chạy thật',
  'developers.check_1': 'Kiểm iss, aud, exp, nonce và chữ ký của id_token; lấy khóa từ JWKS và tải lại khi gặp kid lạ.',
  'developers.check_2': 'So sánh acr theo thứ tự, và kiểm auth_time khi đã xin max_age.',
  'developers.check_3': 'Nhận ra người dùng bằng cặp iss và sub, không bằng số điện thoại hay email.',
  'developers.check_4': 'state và nonce mới cho mỗi lần; redirect_uri là https.',
  'developers.check_5': 'Chịu được access_denied, và không hiện cho người dân một trang trắng.',
  'developers.sandbox_more': 'Nhân vật thử nghiệm, hộp thư, tạo người mới',
} as const;
