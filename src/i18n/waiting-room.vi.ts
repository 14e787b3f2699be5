export const waitingRoomVi = {
  'waiting_room.title': 'Mời bạn chờ đến lượt',
  'waiting_room.lead': 'Rất nhiều người đang vào hệ thống cùng lúc. Bạn đã có chỗ trong hàng: ai đến trước vào trước.',
  'waiting_room.cannot_tell': 'Chưa ước tính được bạn phải chờ bao lâu.',
  'waiting_room.soon': 'Còn chưa đến một phút nữa là đến lượt bạn.',
  'waiting_room.minutes': 'Còn khoảng {minutes} phút nữa là đến lượt bạn.',
  'waiting_room.turn': 'Đã đến lượt bạn. Bấm nút bên dưới để vào.',
  'waiting_room.as_of': 'Tính lúc {time}, giờ Việt Nam. Đây là ước tính, có thể nhanh hoặc chậm hơn.',
  'waiting_room.check': 'Xem đã đến lượt chưa',
  'waiting_room.enter': 'Vào hệ thống',
  'waiting_room.kept':
    'Chỗ của bạn được giữ trong trình duyệt này (cần cho phép cookie). Bạn có thể đóng trang rồi mở lại; khi đến lượt, chỗ được giữ thêm 10 phút.',
  'waiting_room.no_faster': 'Tải lại nhiều lần hoặc mở nhiều cửa sổ không giúp vào nhanh hơn.',
  'waiting_room.ongoing': 'Ai đang kích hoạt hoặc đăng nhập dở vẫn tiếp tục bình thường, không phải chờ lại.',
  'waiting_room.for_programs': 'Quá nhiều người truy cập. Trang này dành cho người dùng trình duyệt; hãy thử lại sau.',
} as const;
