package office

import (
	"fmt"
	"os"
	"path/filepath"

	"replyby/config"
	"replyby/letter/text"
)

// Plans composes every desk of a configuration. The files it names must be there.
func Plans(f *config.File) ([]Plan, error) {
	texts, err := textFiles(f.Path(f.TextsDir))
	if err != nil {
		return nil, err
	}
	if _, err := Texts(f); err != nil {
		return nil, err
	}
	if _, err := f.Contracts(); err != nil {
		return nil, err // without them every customer would be treated alike, silently
	}
	var plans []Plan
	for i := range f.Desks {
		d := &f.Desks[i]
		sent, junk := d.IMAP.Folders()
		plans = append(plans, Plan{
			Desk: d.Conductor(), Classifier: d.Classifier(), Mailbox: d.Mailbox(), Sent: sent, Junk: junk,
			Sender: d.Sender(), Trust: d.Trusted(), Texts: texts,
		})
	}
	return plans, nil
}

// Texts are those that letters to customers are made of, with what texts_dir replaces. The error names each file, line and problem.
func Texts(f *config.File) (*text.Texts, error) {
	files, err := textFiles(f.Path(f.TextsDir))
	if err != nil {
		return nil, err
	}
	t, err := text.New(files)
	if err != nil {
		return nil, fmt.Errorf("texts_dir %s: %w", f.TextsDir, err)
	}
	return t, nil
}

// textFiles reads the texts that replace built-in ones.
func textFiles(dir string) (map[string][]byte, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	texts := map[string][]byte{}
	for _, x := range entries {
		if x.IsDir() {
			continue
		}
		if texts[x.Name()], err = os.ReadFile(filepath.Join(dir, x.Name())); err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
	}
	return texts, nil
}
