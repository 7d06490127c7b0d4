package handler

func (s *server) bindingRoutes() []route { return nil }
