package desk

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/identity"
)

// agencyRoutes are the directory of agencies as the court keeps it.
func (d *Desk) agencyRoutes() []Route {
	return []Route{
		listed("/agencies", model.ActAgencyRead, d.agencies),
		post("/agencies", model.ActAgencyManage, d.addAgency),
		get("/agencies/:id", model.ActAgencyRead, d.agency),
		post("/agencies/:id", model.ActAgencyManage, d.changeAgency),
		post("/agencies/:id/end", model.ActAgencyManage, d.endAgency),
		post("/agencies/:id/contacts", model.ActAgencyManage, d.addAgencyContact),
		post("/agencies/:id/contacts/change", model.ActAgencyManage, d.changeAgencyContact),
		post("/agencies/:id/accounts", model.ActStaffManage, d.addAgencyAccount),
		post("/agencies/:id/keys", model.ActStaffManage, d.addAgencyKey),
		post("/agencies/:id/keys/revoke", model.ActStaffManage, d.revokeAgencyKey),
	}
}

type agenciesData struct {
	List    *listView
	Kinds   []model.AgencyKind
	Queries []model.QueryKind
}

func (d *Desk) agenciesData(c *gin.Context) (data agenciesData, err error) {
	data.Kinds, data.Queries = model.AgencyKinds, model.QueryKinds
	data.List, _, err = viewOf(d, c, d.agencyTable(c))
	return data, err
}

func (d *Desk) agencies(c *gin.Context) error {
	data, err := d.agenciesData(c)
	if err != nil {
		return err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, d.agencyTable(c), as)
	}
	return d.show(c, "agencies", "责任单位", data)
}

func agencyAddress(id int64) string { return fmt.Sprintf("/desk/agencies/%d", id) }

// formQueries are the kinds of query that a form says an agency answers.
func formQueries(c *gin.Context) []model.QueryKind {
	var out []model.QueryKind
	for _, k := range c.PostFormArray("query_kind") {
		out = append(out, model.QueryKind(k))
	}
	return out
}

func (d *Desk) addAgency(c *gin.Context) error {
	a, _, err := d.svc.Agency.Add(c.Request.Context(), web.Actor(c), model.Agency{Code: c.PostForm("code"), Name: c.PostForm("name"), Kind: model.AgencyKind(c.PostForm("kind")), QueryKinds: formQueries(c)})
	if err != nil {
		data, again := d.agenciesData(c)
		if again != nil {
			return again
		}
		return d.again(c, "agencies", "责任单位", data, err)
	}
	return done(c, agencyAddress(a.ID), "saved")
}

type agencyData struct {
	*agency.Detail
	Kinds    []model.AgencyKind
	Queries  []model.QueryKind
	Roles    []model.ContactRole
	Today    model.Date
	Year     int
	Progress *agency.Progress // of this year, by duty
	Doors    *identity.AgencyDoors
	// What is shown once: a new account's first password, a new key.
	Fresh  *identity.Credentials
	Secret string
	Next   string // of the history
}

func (d *Desk) agencyData(c *gin.Context) (*agencyData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	before, err := after(c, "before")
	if err != nil {
		return nil, err
	}
	ctx, by, today := c.Request.Context(), web.Actor(c), model.DateOf(d.cfg.Now())
	data := &agencyData{Kinds: model.AgencyKinds, Queries: model.QueryKinds, Roles: model.ContactRoles, Today: today, Year: today.Year}
	if data.Detail, err = d.svc.Agency.Agency(ctx, by, id, before); err != nil {
		return nil, err
	}
	if n := len(data.Changes); n == agency.ChangesShown {
		data.Next = with(c, "before", data.Changes[n-1].ID)
	}
	if data.Progress, err = d.svc.Agency.Progress(ctx, by, id, "", model.NewDate(today.Year, 1, 1), model.NewDate(today.Year, 12, 31)); err != nil {
		return nil, err
	}
	if by.May(model.ActStaffManage) {
		data.Doors, err = d.svc.Identity.AgencyDoors(ctx, by, by.CourtID, id)
	}
	return data, err
}

func (d *Desk) agency(c *gin.Context) error {
	data, err := d.agencyData(c)
	if err != nil {
		return err
	}
	return d.show(c, "agency", data.Name, data)
}

// onAgency runs f on the agency of the path and shows its page again.
func (d *Desk) onAgency(c *gin.Context, act func(f *form, id int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := act(d.form(c), id); err != nil {
		data, again := d.agencyData(c)
		if again != nil {
			return again
		}
		return d.again(c, "agency", data.Name, data, err)
	}
	return done(c, agencyAddress(id), "saved")
}

func (d *Desk) changeAgency(c *gin.Context) error {
	return d.onAgency(c, func(f *form, id int64) error {
		version := f.version()
		return f.do(func() error {
			_, err := d.svc.Agency.Change(c.Request.Context(), web.Actor(c), id, version, c.PostForm("name"), model.AgencyKind(c.PostForm("kind")), formQueries(c))
			return err
		})
	})
}

func (d *Desk) endAgency(c *gin.Context) error {
	return d.onAgency(c, func(f *form, id int64) error {
		version := f.version()
		return f.do(func() error {
			_, err := d.svc.Agency.End(c.Request.Context(), web.Actor(c), id, version)
			return err
		})
	})
}

func contactForm(f *form) model.AgencyContact {
	c := f.c
	return model.AgencyContact{
		Role: model.ContactRole(c.PostForm("role")), Name: c.PostForm("person"), Title: c.PostForm("title"), Phone: c.PostForm("phone"),
		TermFrom: f.date("term_from"), TermUntil: f.date("term_until"),
	}
}

func (d *Desk) addAgencyContact(c *gin.Context) error {
	return d.onAgency(c, func(f *form, id int64) error {
		key, p := f.key(), contactForm(f)
		return f.do(func() error {
			_, _, err := d.svc.Agency.AddContact(c.Request.Context(), web.Actor(c), id, p, key)
			return err
		})
	})
}

func (d *Desk) changeAgencyContact(c *gin.Context) error {
	return d.onAgency(c, func(f *form, id int64) error {
		person, version := f.number("contact"), f.version()
		if c.PostForm("act") == "end" {
			return f.do(func() error {
				_, err := d.svc.Agency.EndContact(c.Request.Context(), web.Actor(c), id, person, version)
				return err
			})
		}
		p := contactForm(f)
		return f.do(func() error {
			_, err := d.svc.Agency.ChangeContact(c.Request.Context(), web.Actor(c), id, person, version, p)
			return err
		})
	})
}

// addAgencyAccount shows a new account's first password, once: the answer to
// the form itself.
func (d *Desk) addAgencyAccount(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	by := web.Actor(c)
	cred, err := d.svc.Identity.AddAgencyStaff(c.Request.Context(), by, by.CourtID, id, c.PostForm("login"), c.PostForm("account"))
	if err != nil {
		return d.onAgency(c, func(*form, int64) error { return err })
	}
	data, err := d.agencyData(c)
	if err != nil {
		return err
	}
	data.Fresh = cred
	return d.show(c, "agency", data.Name, data)
}

// addAgencyKey shows a new key, once.
func (d *Desk) addAgencyKey(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	by := web.Actor(c)
	secret, err := d.svc.Identity.CreateAgencyKey(c.Request.Context(), by, by.CourtID, id, c.PostForm("key_name"))
	if err != nil {
		return d.onAgency(c, func(*form, int64) error { return err })
	}
	data, err := d.agencyData(c)
	if err != nil {
		return err
	}
	data.Secret = secret
	return d.show(c, "agency", data.Name, data)
}

func (d *Desk) revokeAgencyKey(c *gin.Context) error {
	return d.onAgency(c, func(f *form, id int64) error {
		key := f.number("key_id")
		return f.do(func() error {
			return d.svc.Identity.RevokeAgencyKey(c.Request.Context(), web.Actor(c), web.Actor(c).CourtID, id, key)
		})
	})
}
