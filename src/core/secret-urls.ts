/** What follows `://`, up to the next address; a quote may stand within a password, and ends an address otherwise. */
const ADDRESS = /(:(?:\/\/|\\\/\\\/))((?:(?!:\/\/)(?:[^\s"'`<>\\]|["'](?=\w))){1,2000})/g;
const ENCODED =
  /(%3A%2F%2F(?:[\w.~+-]|%(?!40|3A|2F|26|3F)[0-9A-F]{2}){0,200}%3A)(?:[\w.~+!*'()-]|%(?!2F|40|26)[0-9A-F]{2}){1,400}(?=%40)/gi;
/** What stands for a port, or for nothing. */
const PORT = /^\d{0,5}$/;
/** A name that is a token: long, in letters and digits. */
const TOKEN_NAME = /^(?=[\w.~-]*[A-Za-z])(?=[\w.~-]*\d)[\w.~-]{20,}$/;
/** A proxy by its host alone, and an address of Oracle's thin driver. */
const PROXY = /(proxy\\?["']?[ \t]{0,3}[=:][ \t]{0,3}\\?["']?[\w.%-]{1,60}:)[^\s:@/]{1,400}(?=@)/gi;
const ORACLE = /(:thin:[\w$]{1,60}\/)[^\s@"':]{1,200}(?=@)/g;
/** Addresses that let whoever has them in, by what stands before their secret. */
const ENTRIES =
  /((?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks|office\.com\/webhook(?:b2)?|hooks\.zapier\.com\/hooks\/catch\/\d+|(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook|ifttt\.com\/trigger\/\w+(?:\/json)?\/with\/key|hc-ping\.com)\/|weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=)[\w@/-]+(?:\n(?=[\w/-]*\d)[\w/-]{8,}(?=[ \t]*(?:\n|$)))?/g;

/** A text with `mask` in place of passwords in addresses (RFC 3986, 3.2.1), of names there that are tokens, and of what a webhook is entered by. */
export function maskAddresses(text: string, mask: string): string {
  if (!/:\/\/|:\\\/|%3a|proxy|:thin:|\w\.(?:com|cn)\//i.test(text)) return text;
  return text
    .replace(ADDRESS, (_, begin: string, rest: string) => `${begin}${withoutCredentials(rest, mask)}`)
    .replace(ENCODED, `$1${mask}`)
    .replace(PROXY, `$1${mask}`)
    .replace(ORACLE, `$1${mask}`)
    .replace(ENTRIES, `$1${mask}`);
}

function withoutCredentials(rest: string, mask: string): string {
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const colon = authority.indexOf(':');
  let at = authority.lastIndexOf('@');
  // A password that should have been encoded may hold a slash.
  const isLonger = at < 0 && colon >= 0 && !PORT.test(authority.slice(colon + 1));
  if (isLonger) at = rest.lastIndexOf('@');
  if (at < 0) return rest;
  const name = colon >= 0 && colon < at ? rest.slice(0, colon) : rest.slice(0, at);
  const shownName = TOKEN_NAME.test(name) ? mask : name;
  return `${shownName}${name.length < at ? `:${mask}` : ''}${rest.slice(at)}`;
}
