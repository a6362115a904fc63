package charset

import "strings"

// clean reduces a label as found in mail to the name a table knows: lower case, without quotes, a leading "charset=",
// the language suffix of RFC 2231 (iso-8859-2*sl) and anything after a blank, comma or semicolon.
func clean(label string) string {
	name := strings.ToLower(strings.Trim(label, " \t\r\n\"'<>;,="))
	name = strings.TrimPrefix(name, "charset=")
	name = strings.Trim(name, "\"' ")
	if i := strings.IndexAny(name, "* \t,;\""); i >= 0 {
		name = name[:i]
	}
	return alias(strings.TrimPrefix(name, "x-unknown-"))
}

// alias maps the misnamed charsets of real mail to their proper names. What the indexes know is not repeated here.
func alias(name string) string {
	switch name {
	case "ascii", "us-ascii", "us_ascii", "usascii", "us-askey", "7bit", "ansi_x3.4-1968", "iso646-us", "default",
		"default_charset", "x-unknown", "unknown", "unknown-8bit", "8bit", "none", "%invalid", "binary", "charset":
		return "us-ascii"
	case "utf8", "utf", "utf-8", "utf_8", "utf-8-mac", "utf8mb4", "unicode-1-1-utf-8", "x-utf-8", "utf-8n", "en-utf-8",
		"unicode", "cp65001":
		return "utf-8"
	case "utf7", "utf-7", "unicode-1-1-utf-7", "unicode-2-0-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7":
		return "utf-7"
	case "utf16", "utf-16", "ucs-2", "iso-10646-ucs-2":
		return "utf-16"
	case "latin1", "latin-1", "iso8859-1", "iso_8859-1", "iso-8859-1-windows-3.1-latin-1", "8859-1", "iso-88591",
		"iso8859_1", "iso-8859_1", "x-ias-german":
		return "iso-8859-1"
	case "ansi", "cp-1252", "cp1252", "windows1252", "win-1252", "win1252", "x-ansi", "windows-1252http-equivcontent-type":
		return "windows-1252"
	case "cp932", "ms932", "x-ms-cp932", "ms-kanji", "windows-31j", "x-sjis", "shift-jis", "sjis", "shiftjis", "cp943c":
		return "shift_jis"
	case "iso-2022-jp-ms", "cp50220", "cp50221", "cp50222", "iso2022jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022jp":
		return "iso-2022-jp"
	case "eucjp", "euc_jp", "eucjp-ms", "eucjp-win", "x-euc":
		return "euc-jp"
	case "iso-gb2312", "gb-2312", "gb_2312", "cn-gb", "cp936", "ms936", "gb18030-2000", "x-gbk", "euc-cn", "gb2312_charset":
		return "gbk"
	case "hz", "hz-gb2312", "hz-gb-2312":
		return "hz-gb-2312"
	case "cp950", "ms950", "big5hkscs", "cn-big5", "x-x-big5", "big-5":
		return "big5"
	case "cp949", "ms949", "ks_c_5601", "ksc5601", "ks-c-5601", "ks_c_5601-1987", "x-windows-949", "uhc", "euckr", "5601":
		return "euc-kr"
	case "iso2022kr", "csiso2022kr":
		return "iso-2022-kr"
	case "iso-2022-cn-ext":
		return "iso-2022-cn"
	case "koi8r", "koi-8-r", "koi-8", "koi8-t":
		return "koi8-r"
	case "cp866", "ibm866", "dos-866", "866":
		return "ibm866"
	case "cp-850", "cp850", "ibm-850", "850":
		return "ibm850"
	case "cp437", "cp-437", "437", "ibm-437":
		return "ibm437"
	case "macroman", "mac", "x-mac-roman", "macintosh", "apple-roman":
		return "macintosh"
	case "tis620", "cp874", "ibm874":
		return "windows-874"
	}
	return numbered(name)
}

// numbered repairs families written in a dozen ways: iso8859_2, iso-8859-2-i, cp1251, win-1250, windows1256.
func numbered(name string) string {
	digits := strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz-_")
	switch {
	case strings.HasPrefix(digits, "8859"):
		if n := strings.Trim(digits[4:], "-_ei"); n != "" {
			return "iso-8859-" + n
		}
	case len(digits) == 4 && strings.HasPrefix(digits, "125"):
		return "windows-" + digits
	}
	return name
}
