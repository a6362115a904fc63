package mailauth

import "fmt"

// microsoftHosts are the names Exchange Online's servers write behind "by".
func microsoftHosts() []string {
	return []string{"*.prod.outlook.com", "*.prod.protection.outlook.com", "*.mail.protection.outlook.com"}
}

// microsoftTenant believes mail that never left our tenant: every Received line
// is Exchange Online's, the transport calls the author internal, and the tenant
// is ours. Exchange's header firewall removes the organisation's marks from
// mail coming in; CrossTenant-AuthAs alone means nothing, since it also says
// "Internal" about another tenant's own people.
func (c *Checker) microsoftTenant(m mail) finding {
	const organisation, crossTenant = "X-MS-Exchange-Organization-", "X-MS-Exchange-CrossTenant-"
	if len(m.header.values(organisation+"AuthAs")) == 0 {
		return finding{outcome: None, text: "no mark of Exchange Online"}
	}
	if wrong := c.tenantMarks(m.header, organisation, crossTenant); wrong != "" {
		return finding{outcome: Fail, text: wrong}
	}
	lines := m.header.values("Received")
	for _, line := range lines {
		if r, err := parseReceived(line); err != nil || !own(microsoftHosts(), r.by) {
			return finding{outcome: Fail, text: fmt.Sprintf("passed through %.80q", r.by)}
		}
	}
	if len(lines) == 0 {
		return finding{outcome: Fail, text: "no Received line"}
	}
	return finding{outcome: Pass, domain: c.cfg.MicrosoftTenantID, text: "internal to tenant " + c.cfg.MicrosoftTenantID}
}

// tenantMarks says which mark is missing, doubled or another's; "" if none.
func (c *Checker) tenantMarks(h header, organisation, crossTenant string) string {
	for _, want := range []struct{ name, value string }{
		{organisation + "AuthAs", "Internal"},
		{organisation + "AuthSource", "*.prod.outlook.com"},
		{crossTenant + "AuthAs", "Internal"},
		{crossTenant + "Id", c.cfg.MicrosoftTenantID},
	} {
		got := h.values(want.name)
		if len(got) != 1 || !own([]string{want.value}, got[0]) {
			return fmt.Sprintf("%s is %.120q", want.name, got)
		}
	}
	return ""
}
