package handler

func (s *server) auditRoutes() []route { return nil }
