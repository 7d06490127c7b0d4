package handler

func (s *server) receiptRoutes() []route { return nil }
