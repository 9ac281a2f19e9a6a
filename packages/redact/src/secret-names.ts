/** Ends of names whose value is secret, in words that `_` joins. */
export const SECRET =
  /(?:^|_)(?:authorization|auth_header|cookies?|set_cookie2?|passw(?:or)?ds?|passwd|passphrase|pass_?code|pwd|passwort|kennwort|contrasena|contrase\u00f1a|mot_de_passe|senha|wachtwoord|haslo|parola|secrets?|secret_?(?:access_)?key|secret_?(?:value|text|token)|client_?secret|api_?keys?|app_?keys?|x_?api_?key|x_?goog_?api_?key|api_?tokens?|api_?secrets?|account_?key|shared_?access_?(?:key|signature)|shared_?secret|access_?key|access_?key_?secret|private_?keys?|signing_?keys?|encryption_?keys?|master_?key|ssh_?key|license_?key|subscription_?key|function_?key|(?:access|refresh|auth|bearer|id|session|security|csrf|xsrf|oauth|personal|private|bot|device|push|deploy|ci|job|registry|service|user|client|login|reset|verification|magic)_?tokens?|session_?(?:cookie|key)|sess(?:id)?|phpsessid|jsessionid|connect_sid|credentials?|webhook_?secret|otp|totp|mfa_?code|cvv2?|cvc2?|cv2|dsn_password)$/;
/** These alone say little: a token is also a piece of text, or the place where the next page begins. */
export const MAYBE = /(?:^|_)(?:tokens?|auth|sig|bearer|pass)$/;
const PLACE =
  /(?:page|next|continuation|pagination|cursor|sync|resume|special|eos|bos|pad|stop|max|min)_tokens?$/;
/** The last two characters of all of them, in small letters: most names end otherwise. */
const ENDS = new Set(
  'on er ie es e2 rd ds wd se de rt na ña ha lo la et ts ey ys ue xt en ns re ss id al ls tp vv v2 vc c2 th ig'.split(
    ' ',
  ),
);
const HUMP = /([a-z0-9])([A-Z])/g;
const JOINT = /[\s.:\-_[\]]{1,8}/g;

/**
 * Whether what a field, header or variable of that name holds is secret: `surely`, or `maybe`, when it also looks
 * like a secret.
 */
export function secrecyOf(name: string): 'surely' | 'maybe' | undefined {
  if (name.length > 64 || !ENDS.has(name.slice(-2).toLowerCase())) return undefined;
  const words = name.replace(HUMP, '$1_$2').replace(JOINT, '_').toLowerCase();
  if (SECRET.test(words)) return 'surely';
  return MAYBE.test(words) && !PLACE.test(words) ? 'maybe' : undefined;
}

/** Whether a value looks like chance made it: long, in one piece, of digits and letters. */
export function looksSecret(value: string): boolean {
  return (
    value.length >= 16 &&
    value.length <= 4096 &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/\s/.test(value)
  );
}
