/** Nouns that say of a number beside them that it is a telephone's, in the languages of most senders. */
export const PHONE_NOUN =
  /phone|\btel(?:\b|e[fp]|s\b)|mobil|\bmob\b|\bcell|\bfax|hotline|whats ?app|\bsms\b|telegram|viber|\bhandy|rufnummer|durchwahl|festnetz|portable|fixe\b|m[o\u00f3]vil|celular|tel[e\u00e9]m[o\u00f3]vel|fijo\b|cellulare|recapito|telefo|telem|gsm\b|\bt(?:lf|fn|lph)\b|puhelin|kom[o\u00f3]rk|numer\b|cep\b|\u0442\u0435\u043b\u0435\u0444|\u0442\u0435\u043b\b|\u043c\u043e\u0431\u0438\u043b|\u0437\u0432\u043e\u043d|\u03c4\u03b7\u03bb|\u03ba\u03b9\u03bd\u03b7\u03c4|\u7535\u8bdd|\u96fb\u8a71|\u624b\u673a|\u643a\u5e2f|\u624b\u6a5f|\uc804\ud654|\ud734\ub300|\ud578\ub4dc\ud3f0|\u0647\u0627\u062a\u0641|\u062c\u0648\u0627\u0644|\u092b\u094b\u0928|\u092e\u094b\u092c\u093e\u0907\u0932|\u05d8\u05dc\u05e4\u05d5\u05df|\u0e42\u0e17\u0e23|\u0111i\u1ec7n tho\u1ea1i/i;
/** Verbs and nouns of reaching someone: enough for a number that is also written like a telephone's. */
export const PHONE_VERB =
  /\b(?:call(?:ed|ing|s| me| us| back)?|dial(?:ed|ing)?|r[ie]ng|rang|reach(?:ed|able)?|contact|text(?:ed)?(?: me)?|messages? (?:to|from|on|at)|answer(?:ing|s)?(?: at)?|registered|voicemail|(?:my|his|her|our|your|their) (?:new |private |direct )?number|meine? nummer|mi n[u\u00fa]mero|mon num[e\u00e9]ro|mio numero|meu n[u\u00fa]mero|mijn nummer|switchboard|helpline|direct line|landline|extension|line|appel(?:er|ez|le)|joindre|joignable|anruf|anrufen|ruf(?:en|t)?|erreich(?:en|bar)|zur\u00fcckrufen|llam(?:ar|e|a|en|ame|enos)|cont[a\u00e1]ct\w{0,4}|marcar|marque|chiam(?:ar|a|ami|ate|i)\w{0,3}|contatt\w{1,5}|lig(?:ar|ue|a|uem)|contat[eo]|bel(?:len)?|bereik(?:en|baar)|ring(?:a|e)?|n\u00e5s|zadzwo\u0144|dzwoni\u0107|soita|ara(?:y\u0131n|yabilir)|\u043f\u043e\u0437\u0432\u043e\u043d\w{0,4}|\u8054\u7cfb|\u81f4\u7535|\u9023\u7d61)\b/i;
/** Labels in front of a colon: `Office: ...`. */
export const PHONE_LABELS: ReadonlySet<string> = new Set(
  (
    'desk office home work main direct ph p t m f c h o d tel tf privat büro bureau domicile oficina casa ufficio ' +
    'escritório thuis kantoor arbeit hjem kontor number numéro nr no phone cell mobile fax'
  ).split(' '),
);
export const PHONE_AFTER =
  /^[ \t]{0,2}[-\u2013(,/|]{0,2}[ \t]?(?:office|fax|mobile|cell|home|work|desk|direct|main|tel|phone|landline|whatsapp|sms|b\u00fcro|privat|handy|portable|bureau|m\u00f3vil|casa|cellulare|ufficio)\b/i;
