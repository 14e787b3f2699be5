/** Every text message. Without accents, so that it fits one message of 160 characters on every phone; no name, no citizen id. */
export const smsVi = {
  'sms.grant_notice':
    'Ho so dang ky tai khoan dinh danh dien tu cua cong dan da duoc phe duyet. De nghi truy cap {issuer}/activate de kich hoat tai khoan, den het ngay {day}.',
  'sms.activation_code':
    '{code} la ma kich hoat tai khoan dinh danh dien tu, hieu luc {minutes} phut. Khong dua ma cho bat ky ai, ke ca can bo.',
  'sms.activated':
    'Tai khoan dinh danh muc {levels} da kich hoat luc {at}. Khong phai ban? Goi ngay tong dai dinh danh hoac den cong an xa, phuong de khoa.',
  'sms.credentials_set':
    'Mat khau, passcode tai khoan dinh danh da duoc dat luc {at}. Khong phai ban? Goi ngay tong dai dinh danh hoac den cong an xa, phuong.',
  'sms.guardian_asked':
    'Nguoi ban giam ho xin kich hoat tai khoan dinh danh. Dang nhap {issuer}/activate/guardian/requests de xem va xac nhan. Neu khong biet viec nay, dung xac nhan.',
  'sms.guardian_confirmed':
    'Ban da xac nhan kich hoat tai khoan cua nguoi ban giam ho luc {at}. Khong phai ban? Goi ngay tong dai dinh danh.',
  'sms.sign_in_code':
    'Ma dang nhap cua ban la {code}, hieu luc {minutes} phut. Khong dua ma cho bat ky ai, ke ca can bo.',
  'sms.new_device':
    'Tai khoan dinh danh cua ban vua dang nhap tren thiet bi moi: {device}, {time}. Neu khong phai ban, hay khoa tai khoan ngay hoac goi tong dai.',
  'sms.password_changed':
    'Mat khau tai khoan dinh danh da doi luc {at}. Khong phai ban? Dat lai ngay tai {issuer}/recover, hoac goi tong dai dinh danh de khoa.',
  'sms.passcode_changed':
    'Passcode tai khoan dinh danh da doi luc {at}. Khong phai ban? Dat lai ngay tai {issuer}/recover, hoac goi tong dai dinh danh de khoa.',
  'sms.questions_changed':
    'Cau hoi bao mat tai khoan dinh danh da doi luc {at}. Khong phai ban? Doi mat khau ngay tai {issuer}/account, hoac goi tong dai de khoa.',
  'sms.totp_enrolled':
    'Ung dung xac thuc da duoc bat cho tai khoan dinh danh luc {at}. Khong phai ban? Goi ngay tong dai hoac den cong an xa, phuong de khoa.',
  'sms.totp_removed':
    'Ung dung xac thuc cua tai khoan dinh danh da tat luc {at}. Khong phai ban? Doi mat khau tai {issuer}/recover, hoac goi tong dai de khoa.',
  'sms.locked_by_holder':
    'Tai khoan dinh danh da khoa theo yeu cau cua ban luc {at}. Mo lai: mang the can cuoc den cong an xa, phuong hoac goi tong dai dinh danh.',
  'sms.recovery_code':
    '{code} la ma dat lai mat khau hoac passcode dinh danh, hieu luc {minutes} phut. Khong dua ma cho bat ky ai, ke ca can bo.',
  'sms.recovered_password':
    'Mat khau tai khoan dinh danh da dat lai luc {at}, moi noi da dang xuat. Khong phai ban? Goi ngay tong dai hoac den cong an de khoa.',
  'sms.recovered_passcode':
    'Passcode tai khoan dinh danh da dat lai luc {at}, moi noi da dang xuat. Khong phai ban? Goi ngay tong dai hoac den cong an de khoa.',
  'sms.locked_by_officer':
    'Tai khoan dinh danh cua ban da bi khoa luc {at}. De biet ly do va mo lai: goi tong dai dinh danh hoac den cong an xa, phuong.',
  'sms.unlocked':
    'Tai khoan dinh danh cua ban da mo khoa luc {at}. Khong phai ban yeu cau? Goi ngay tong dai hoac den cong an xa, phuong de khoa.',
} as const;
