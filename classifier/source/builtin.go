package source

import "slices"

// Builtin returns rules for two contact forms whose mail is public knowledge,
// one for forms made by hand, and one for those that write in the name of a site. They are tried behind the desk's own. There
// is none for a marketplace: what its mail looks like is for `learn` to find.
func Builtin() []Rule {
	return []Rule{prestaShop(), contactForm7(), handMade(), ofSite()}
}

// prestaShop is the contact form of the shop system: From is the shop, Reply-To
// the customer. It has no field for a subject. One shipped English text prints
// its placeholder instead of the address.
func prestaShop() Rule {
	return Rule{
		Name:  "prestashop",
		Match: Match{NotReply: true, Subject: `^\[[^\]]*\] [^:]*\[no_sync\]\s*$`},
		Customer: CustomerOrder{Order: []string{"reply_to", "label:Indirizzo e-mail", "label:Email", "label:Adresse électronique",
			"label:Customer Email Address", "label:Customer e-mail address", "label:E-Mail-Adresse", "from"}},
		Message: Bounds{
			After: []string{"Messaggio", "Mensaje", "Message", "Customer message", "Messaggio del cliente", "Mensaje del cliente", "Message du client",
				"Nachricht", "Mensagem"},
			Until: `(?mi)^(?:ORDER ID:.*\n\s*ATTACHED FILE:.*\n\s*)?.*powered by\s+PrestaShop`,
		},
		Fields: map[string]Field{
			"order": {Labels: []string{"Ordine", "Pedido", "Commande", "Order ID #", "Order", "ID ordine"}, Regex: `#?([A-Z0-9-]{3,20})`, Optional: true},
		},
		UrgentFrom: fromNone,
	}
}

// contactForm7 is the default mail of the WordPress extension.
func contactForm7() Rule {
	return Rule{
		Name: "contact-form-7",
		// Its footer was worded anew, and in each language by other people: it is known by where it stands and what it speaks of.
		Match:    Match{ReplyTo: true, NotReply: true, Text: `(?mi)^-- ?\n+(?:Quest[ao]|This|Est[aeo]|Ce(?:t|ci)?|Dies(?:e[rs]?)?) .*(?:modulo di contatto|contact form|formulario de contacto|formulaire de contact|Kontaktformular|formulário de contacto)`},
		Customer: CustomerOrder{Order: []string{"reply_to", "label:Da", "label:From", "label:De", "label:Von", "original_from"}},
		Message: Bounds{
			After: []string{"Corpo del messaggio", "Message Body", "Cuerpo del mensaje", "Corps du message", "Nachrichtentext", "Corpo da mensagem"},
			Until: `(?m)^-- ?$`,
		},
		Fields: map[string]Field{
			"customer_name": {Labels: []string{"Da", "From", "De", "Von"}, Regex: `^(.*?)\s*(?:<|\S+@|$)`},
			"subject":       {Labels: []string{"Oggetto", "Subject", "Asunto", "Objet", "Betreff", "Assunto"}},
		},
	}
}

// handMade is the form of an agency's own making: a few labels in a fixed
// order, sent from the desk's own address or from one that takes no answers.
func handMade() Rule {
	return Rule{
		Name: "form",
		Match: Match{
			FromOwn:  true,
			NotReply: true,
			Text: `(?mi)^[\s*•-]*(?:(?:la tua|il tuo|votre|tu|su|your|ihre|indirizzo|adresse|dirección de) )*(?:e-?mail|mail|correo(?: electrónico)?|courriel|adresse électronique)(?: address|-adresse)?` +
				`\s*\*?\s*(?::|\t|$)`,
		},
		OnNoMatchInBody: nextRule,
		Customer: CustomerOrder{Order: []string{"reply_to", "label:Email", "label:E-mail", "label:Indirizzo e-mail", "label:Indirizzo email",
			"label:Correo", "label:Correo electrónico", "label:Adresse e-mail", "label:Adresse email", "label:Courriel", "label:Email address",
			"label:La tua email", "label:La tua e-mail", "label:Il tuo indirizzo email", "label:Indirizzo mail", "label:Mail", "label:Tu correo", "label:Tu correo electrónico", "label:Tu email",
			"label:Su correo electrónico", "label:Dirección de correo electrónico", "label:Votre e-mail", "label:Votre email", "label:Votre adresse e-mail", "label:Votre adresse email",
			"label:Votre adresse mail", "label:Adresse mail", "label:Adresse électronique", "label:Your email", "label:Your e-mail", "label:E-mail address", "label:Your email address",
			"label:E-Mail-Adresse", "label:Ihre E-Mail", "label:Ihre E-Mail-Adresse"}},
		Message: Bounds{
			After: []string{"Messaggio", "Testo", "Richiesta", "Testo del messaggio", "Il tuo messaggio", "Mensaje", "Tu mensaje", "Su mensaje", "Consulta", "Message", "Votre message", "Your message", "Nachricht", "Ihre Nachricht", "Mensagem", "Comments", "Comment", "Commento", "Comentario", "Comentarios", "Commentaire", "Note",
				"Commento o messaggio", "Comment or Message", "Comentario o mensaje", "Commentaire ou message", "Body",
				"Corpo del messaggio", "Message Body", "Cuerpo del mensaje", "Corps du message", "Nachrichtentext", "Corpo da mensagem"},
		},
		Fields: map[string]Field{
			"customer_name": {Labels: []string{"Nome", "Nome e cognome", "Nombre", "Nom", "Name", "Il tuo nome", "Tu nombre", "Su nombre", "Nombre y apellidos", "Votre nom",
				"Nom et prénom", "Nom complet", "Your name", "Full name", "Ihr Name"}, Optional: true},
			"surname": {Labels: []string{"Cognome", "Apellidos", "Apellido", "Prénom", "Surname", "Last name", "Nachname"}, Optional: true},
			"phone":   {Labels: []string{"Telefono", "Tel", "Cellulare", "Teléfono", "Téléphone", "Phone", "Telefon", "Telefone"}, Optional: true},
			"subject": {Labels: []string{"Oggetto", "Asunto", "Objet", "Sujet", "Subject", "Betreff", "Assunto"}, Optional: true},
		},
	}
}

// ofSite is the form of a shop or site that writes in its own name, with the visitor in Reply-To and again in the text, as page builders and
// shop systems do. Without it all visitors of a site would be one customer, and answers would go to the site.
func ofSite() Rule {
	r := handMade()
	r.Name = "site-form"
	r.Match = Match{ReplyToAbove: true, NotReply: true}
	r.Customer, r.UrgentFrom = CustomerOrder{}, fromEither
	r.Message.After = slices.DeleteFunc(r.Message.After, func(label string) bool { return label == "Note" }) // stands on orders, too
	r.Message.Until = `(?mi)^---[ \t]*\n+(?:[^:\n]{2,40}: .*\n+){1,8}powered by:? elementor`
	return r
}
