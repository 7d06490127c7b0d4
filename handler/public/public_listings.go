package public

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// listingsShown is how many lines a page of the published list has.
const listingsShown = 20

// listing is one line as everybody may see it.
type listing struct {
	model.ListingLine
	Name, Number, GroundText string
	PublishedOn              model.Date
}

func show(l model.ListingLine) listing {
	v := listing{ListingLine: l, PublishedOn: model.DateOf(*l.FromAt)}
	if v.Name, v.Number = l.Shown(false); !l.Masked {
		v.GroundText = l.Kind.GroundOf(l.Ground).Text
	}
	return v
}

// listingsPage is the published list of dishonest debtors for whoever has only a
// browser. A number is looked for by a posted form, so that it stands in no
// address.
func (p *Pages) listingsPage(c *gin.Context) error {
	data := gin.H{"Title": "失信被执行人名单"}
	courts, err := p.svc.Enforcement.PublicCourts(c.Request.Context())
	if err != nil {
		return err
	}
	search := model.ListingSearch{Name: c.Query("name"), CaseNo: c.Query("case_no")}
	court := c.Query("court")
	if c.Request.Method == http.MethodPost {
		search, court = model.ListingSearch{Number: c.PostForm("number")}, c.PostForm("court")
	}
	if court == "" && len(courts) == 1 {
		court = courts[0].Code
	}
	data["Courts"], data["Court"], data["Search"] = courts, court, search
	if court == "" {
		return p.render(c, http.StatusOK, "listings", data)
	}
	before, err := queryNumber(c, "before")
	if err != nil {
		return err
	}
	list, err := p.svc.Enforcement.Listings(c.Request.Context(), web.Actor(c), court, search, before, listingsShown)
	if err != nil {
		if model.KindOf(err) == model.NotFound {
			err = model.InvalidField("court", "court.not_found", "没有这个法院，请重新选择").WithCause(err)
		}
		return p.pageError(c, "listings", data, err)
	}
	lines := make([]listing, len(list))
	for i, l := range list {
		lines[i] = show(l)
	}
	data["Asked"], data["Lines"], data["Searched"], data["First"] = true, lines, !search.Empty(), before == 0
	if len(list) == listingsShown {
		data["Next"] = web.Address("/listings", "court", court, "before", list[listingsShown-1].ID, "name", search.Name, "case_no", search.CaseNo)
	}
	return p.render(c, http.StatusOK, "listings", data)
}

// queryNumber reads a number of the query, 0 when there is none.
func queryNumber(c *gin.Context, name string) (int64, error) {
	v := c.Query(name)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0, model.InvalidField(name, "field.format", "编号应为数字")
	}
	return n, nil
}
