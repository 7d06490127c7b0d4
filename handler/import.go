package handler

func (s *server) importRoutes() []route { return nil }
