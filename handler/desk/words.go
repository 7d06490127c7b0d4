package desk

import (
	"fmt"
	"html/template"
	"slices"
	"text/template/parse"

	"microcourt/model"
)

// vocabularies are the functions of pages whose argument is a word of ours, and
// whether there is such a word. A misspelt one would be no error when a page is
// made: it would hide something from whoever should see it, or show it to
// everybody. So the word is written in the page, and read when pages are
// parsed.
var vocabularies = map[string]struct {
	arg   int
	known func(string) bool
}{
	"may":   {2, func(s string) bool { return model.Act(s).Valid() }},
	"is":    {2, func(s string) bool { return slices.Contains(model.Roles, model.Role(s)) }},
	"own":   {2, func(s string) bool { return model.Matter(s).Valid() }},
	"stage": {2, func(s string) bool { return model.Performance(s).Chinese() != "" }},
	"help":  {1, func(s string) bool { _, ok := helpTexts[s]; return ok }},
}

// checkWords refuses a template with a word that does not exist.
func checkWords(t *template.Template) error {
	for _, one := range t.Templates() {
		if one.Tree == nil {
			continue
		}
		var wrong error
		commands(one.Tree.Root, func(c *parse.CommandNode) {
			if err := checkCommand(c); err != nil && wrong == nil {
				where, _ := one.Tree.ErrorContext(c)
				wrong = fmt.Errorf("%s: %w", where, err)
			}
		})
		if wrong != nil {
			return wrong
		}
	}
	return nil
}

func checkCommand(c *parse.CommandNode) error {
	fn, ok := c.Args[0].(*parse.IdentifierNode)
	if !ok {
		return nil
	}
	if fn.Ident == "eq" || fn.Ident == "ne" {
		return checkComparison(c)
	}
	w, ok := vocabularies[fn.Ident]
	if !ok {
		return nil
	}
	if len(c.Args) <= w.arg {
		return fmt.Errorf("%s says no word", c)
	}
	s, ok := c.Args[w.arg].(*parse.StringNode)
	switch {
	case !ok && fn.Ident == "help": // keys of tasks, which a test walks; help itself refuses others
	case !ok:
		return fmt.Errorf("%s: the word must stand in the page", c)
	case !w.known(s.Text):
		return fmt.Errorf("%s: there is no %q", c, s.Text)
	}
	return nil
}

// checkComparison refuses to compare a state with a word that no state has.
func checkComparison(c *parse.CommandNode) error {
	about := false
	for _, a := range c.Args[1:] {
		var path []string
		switch a := a.(type) {
		case *parse.FieldNode:
			path = a.Ident
		case *parse.VariableNode:
			path = a.Ident
		}
		about = about || len(path) > 0 && path[len(path)-1] == "State"
	}
	for _, a := range c.Args[1:] {
		if s, ok := a.(*parse.StringNode); ok && about && s.Text != "" && !slices.Contains(stateWords, s.Text) {
			return fmt.Errorf("%s: no state is called %q", c, s.Text)
		}
	}
	return nil
}

// stateWords are the states of all machines, and what is said in their place: a
// finding of a rule, and the filter for all of them.
var stateWords = func() []string {
	out := []string{
		string(model.FindingMet), string(model.FindingUnmet), string(model.FindingRunning), string(model.FindingUnknown),
		string(model.AgencyTaskOverdue), "all",
	}
	for _, m := range model.Machines() {
		for _, s := range m.States {
			out = append(out, s.Code)
		}
	}
	return out
}()

// commands calls each for every function call of a template's tree, nested ones
// too.
func commands(n parse.Node, each func(*parse.CommandNode)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, v := range n.Nodes {
			commands(v, each)
		}
	case *parse.ActionNode:
		commands(n.Pipe, each)
	case *parse.TemplateNode:
		commands(n.Pipe, each)
	case *parse.IfNode:
		branch(&n.BranchNode, each)
	case *parse.RangeNode:
		branch(&n.BranchNode, each)
	case *parse.WithNode:
		branch(&n.BranchNode, each)
	case *parse.PipeNode:
		if n == nil {
			return
		}
		for _, v := range n.Cmds {
			commands(v, each)
		}
	case *parse.CommandNode:
		each(n)
		for _, v := range n.Args {
			commands(v, each)
		}
	case *parse.ChainNode:
		commands(n.Node, each)
	}
}

func branch(n *parse.BranchNode, each func(*parse.CommandNode)) {
	commands(n.Pipe, each)
	commands(n.List, each)
	commands(n.ElseList, each)
}
