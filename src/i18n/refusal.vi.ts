/** One pair a code of src/domain/refusal.ts: what happened, and what to do now. Shown when nothing was saved. */
export const refusalVi = {
  'refusal.malformed_request_title': 'Yêu cầu không hợp lệ',
  'refusal.malformed_request': 'Hệ thống không đọc được nội dung vừa gửi. Hãy quay lại và thử một lần nữa.',
  'refusal.sign_in_required_title': 'Bạn cần đăng nhập',
  'refusal.sign_in_required': 'Trang này chỉ dành cho người đã đăng nhập. Hãy đăng nhập rồi mở lại.',
  'refusal.forbidden_title': 'Không được phép',
  'refusal.forbidden': 'Bạn không được phép thực hiện việc này.',
  'refusal.forged_request_title': 'Trang này đã cũ',
  'refusal.forged_request':
    'Vì an toàn, biểu mẫu chỉ được nhận từ chính trang này và khi trình duyệt cho phép cookie. Chưa có gì được lưu. Hãy mở lại trang và điền lại.',
  'refusal.not_found_title': 'Không tìm thấy trang',
  'refusal.not_found': 'Địa chỉ có thể đã gõ sai, hoặc trang đã được chuyển đi.',
  'refusal.method_not_allowed_title': 'Không mở được theo cách này',
  'refusal.method_not_allowed': 'Địa chỉ này có thật nhưng không nhận kiểu yêu cầu vừa gửi.',
  'refusal.not_acceptable_title': 'Không có định dạng này',
  'refusal.not_acceptable': 'Hệ thống không trả lời được bằng định dạng bạn yêu cầu.',
  'refusal.conflict_title': 'Việc này vừa được làm ở nơi khác',
  'refusal.conflict': 'Dữ liệu đã thay đổi trong lúc bạn mở trang. Hãy mở lại trang để xem tình trạng mới nhất.',
  'refusal.attempt_over_title': 'Lần thực hiện này đã kết thúc',
  'refusal.attempt_over': 'Đã quá thời gian, hoặc các bước đã được hoàn thành ở nơi khác. Hãy bắt đầu lại từ đầu.',
  'refusal.body_too_large_title': 'Nội dung quá dài',
  'refusal.body_too_large': 'Nội dung vừa gửi vượt quá giới hạn. Chưa có gì được lưu.',
  'refusal.unsupported_media_type_title': 'Định dạng không được hỗ trợ',
  'refusal.unsupported_media_type': 'Địa chỉ này không nhận kiểu nội dung vừa gửi.',
  'refusal.invalid_field_title': 'Thông tin chưa đúng',
  'refusal.invalid_field': 'Có thông tin chưa đúng. Chưa có gì được lưu. Hãy quay lại và kiểm tra.',
  'refusal.too_many_requests_title': 'Quá nhiều yêu cầu',
  'refusal.too_many_requests': 'Hãy đợi một lát rồi thử lại. Tài khoản của bạn không bị khóa vì việc này.',
  'refusal.unexpected_title': 'Có lỗi từ phía hệ thống',
  'refusal.unexpected': 'Lỗi không phải do bạn và đã được ghi nhận. Hãy thử lại sau ít phút.',
  'refusal.busy_title': 'Hệ thống đang bận',
  'refusal.busy':
    'Rất nhiều người đang nhập mật khẩu cùng lúc. Lần nhập này không bị tính, những gì bạn đã hoàn thành vẫn được giữ. Hãy quay lại và thử lại sau vài giây.',
  'refusal.not_ready_title': 'Số liệu này chưa có sẵn',
  'refusal.not_ready':
    'Đang có nhiều số liệu lần đầu được hỏi đến. Hãy thử lại sau ít giây; những trang thường xem vẫn mở được ngay.',
  'refusal.maintenance_title': 'Hệ thống đang quá tải hoặc bảo trì',
  'refusal.maintenance':
    'Rất nhiều người đang truy cập. Những gì bạn đã hoàn thành vẫn được giữ. Hãy thử lại sau vài phút.',
  'refusal.interrupted_title': 'Hệ thống đang gián đoạn',
  'refusal.interrupted':
    'Một phần của hệ thống chưa trả lời. Những gì bạn đã hoàn thành vẫn được giữ; bước vừa gửi có thể chưa được lưu. Hãy thử lại sau ít giây.',
} as const;
