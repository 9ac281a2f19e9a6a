/**
 * Domains under which anybody gets an address. A rule that lets in whoever has one would let in everybody.
 */
const domains: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com outlook.de outlook.fr outlook.es
  outlook.it outlook.jp outlook.com.br hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.co.uk live.fr
  live.nl live.de windowslive.com yahoo.com ymail.com rocketmail.com myyahoo.com yahoo.co.uk yahoo.co.in yahoo.co.jp
  yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.in yahoo.com.br yahoo.com.ar yahoo.com.mx yahoo.com.au yahoo.ca aol.com
  aim.com icloud.com me.com mac.com privaterelay.appleid.com proton.me protonmail.com protonmail.ch pm.me tutanota.com
  tutanota.de tutamail.com tuta.com tuta.io keemail.me gmx.com gmx.de gmx.net gmx.at gmx.ch gmx.us web.de t-online.de
  freenet.de mail.de posteo.de posteo.net mailbox.org arcor.de mail.com email.com usa.com hushmail.com fastmail.com
  fastmail.fm zoho.com zohomail.com zohomail.eu yandex.com yandex.ru ya.ru mail.ru inbox.ru list.ru bk.ru rambler.ru
  qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn naver.com daum.net hanmail.net
  kakao.com nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com orange.fr wanadoo.fr free.fr sfr.fr
  laposte.net libero.it virgilio.it tiscali.it alice.it tin.it terra.com.br uol.com.br bol.com.br ig.com.br wp.pl o2.pl
  onet.pl interia.pl seznam.cz centrum.cz comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
  charter.net btinternet.com sky.com virginmedia.com ntlworld.com bigpond.com optusnet.com.au xtra.co.nz shaw.ca
  rogers.com sympatico.ca telenet.be skynet.be ziggo.nl kpnmail.nl bluewin.ch duck.com mozmail.com simplelogin.com
  anonaddy.me mailinator.com guerrillamail.com 10minutemail.com temp-mail.org yopmail.com trashmail.com sharklasers.com
  users.noreply.github.com onmicrosoft.com`.split(/\s+/),
);

/** Whether anybody can get an address of this domain, which is in lower case. */
export function isPublicMailDomain(domain: string): boolean {
  return domains.has(domain);
}
