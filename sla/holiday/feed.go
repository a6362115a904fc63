package holiday

import "fmt"

// addFeed adds the all-day events of a local iCalendar file.
func (s *Set) addFeed(name string, feeds map[string][]byte) error {
	if _, ok := feeds[name]; !ok {
		return fmt.Errorf("the file was not read")
	}
	return fmt.Errorf("iCalendar files are not read yet")
}
