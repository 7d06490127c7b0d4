package handler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// readBy says where a phone reads an entry of a list by its id; of what a relative
// handed in it is below her link.
var readBy = map[string]string{
	"cases": "/my/cases/%d", "receipts": "/receipts/%d", "certificates": "/certificates/%d", "files": "/files/%d/view", "relatives": "/my/relatives/%d/matter",
	"documents": "/documents/%d/pdf",
}

// apiCrawler follows the addresses and the ids of JSON documents as one phone.
type apiCrawler struct {
	who   *handlertest.Client
	name  string
	seen  map[string]bool
	todo  [][2]string // an address and where it stands
	kinds map[string]int
}

func (c *apiCrawler) add(from, to string) {
	if !c.seen[to] {
		c.seen[to] = true
		c.todo = append(c.todo, [2]string{to, from})
	}
}

// offers collects what a document leads to.
func (c *apiCrawler) offers(from, list string, v any) {
	switch v := v.(type) {
	case map[string]any:
		id, _ := v["id"].(float64)
		if by := readBy[list]; by != "" && id != 0 {
			switch {
			case list == "relatives" && v["state"] != string(model.RelativeAdmitted):
			case list == "receipts" && strings.HasPrefix(from, "/my/relatives/"):
				c.add(from, strings.Replace(from, "/matter", fmt.Sprintf("/receipts/%d", int64(id)), 1))
			default:
				c.add(from, fmt.Sprintf(by, int64(id)))
			}
		}
		for name, one := range v {
			c.offers(from, name, one)
		}
	case []any:
		for _, one := range v {
			c.offers(from, list, one)
		}
	case string:
		if to, ok := strings.CutPrefix(v, "https://court.example"); ok && to != "" {
			c.add(from, strings.TrimPrefix(to, "/api/v1"))
		} else if strings.HasPrefix(v, "/") {
			c.add(from, strings.TrimPrefix(v, "/api/v1"))
		}
	}
}

func (c *apiCrawler) run() {
	t := c.who.W.T
	for len(c.todo) > 0 {
		to, from := c.todo[0][0], c.todo[0][1]
		c.todo = c.todo[1:]
		a := c.who.Call(http.MethodGet, to, nil)
		if a.Status != http.StatusOK {
			t.Errorf("%s: %s, of %s, answers %d %.200s", c.name, to, from, a.Status, a.Body)
			continue
		}
		c.kinds[strings.Split(to, "/")[1]]++
		var doc any
		if strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") && json.Unmarshal(a.Body, &doc) == nil {
			c.offers(to, "", doc)
		}
	}
}

// Every address that a phone is given in a document opens for whoever got it, and
// everything that a list names can be read: of a debtor, a creditor and a relative.
func TestEveryAddressInADocumentOpens(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	creditor := c.Phone("")
	creditor.Bind(c.clerk, c.f.ID, c.f.Creditor)
	wife, link := c.relative("admitted")
	c.behalf(wife, link, 3000, 771)
	c.judge.Confirm(c.debtor.Submit(c.f, 20_000, 772), 20_000)
	c.debtor.Submit(c.f, 5_000, 773)
	starts := []string{"/me", "/notices?limit=100", "/my/cases", "/my/relatives", "/certificates", "/petitions", "/subscriptions/wanted?at=login", "/subscriptions"}
	for name, who := range map[string]*handlertest.Client{"the debtor": c.debtor, "the creditor": creditor, "the relative": wife} {
		crawl := &apiCrawler{who: who, name: name, seen: map[string]bool{}, kinds: map[string]int{}}
		for _, s := range starts {
			crawl.add("", s)
		}
		if name != "the relative" {
			for _, more := range []string{"receipts", "ledger", "documents", "how-to-pay", "messages", "measures"} {
				crawl.add("", fmt.Sprintf("/cases/%d/%s", c.f.ID, more))
			}
		}
		crawl.run()
		// Pictures, by signed addresses and by their ids, are what most addresses are.
		if crawl.kinds["pictures"] == 0 && name != "the relative" || crawl.kinds["files"] == 0 {
			t.Errorf("%s followed only %v", name, crawl.kinds)
		}
	}
}
