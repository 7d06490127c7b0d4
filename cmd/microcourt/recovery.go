package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"microcourt/storage"
)

// closeJournal writes the numbers that this process gave out and did not write
// yet. Without them the process still ends well: the next one writes them.
func (a *app) closeJournal() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := a.svc.Recovery.Close(ctx); err != nil {
		a.log.Error("journal of numbers", "error", err.Error())
	}
	return nil
}

// recoveryMetric tells what a restored database left to be decided.
type recoveryMetric struct{ db *storage.DB }

var (
	reconcileDesc = prometheus.NewDesc("microcourt_reconcile_needed", "1 while the database is older than what belongs to it: run microcourt reconcile.", nil, nil)
	straysDesc    = prometheus.NewDesc("microcourt_stray_objects", "Kept objects that no row names.", nil, nil)
	heldDesc      = prometheus.NewDesc("microcourt_held_messages", "Messages that may have been sent before a backup was restored.", nil, nil)
)

// Describe implements prometheus.Collector.
func (recoveryMetric) Describe(ch chan<- *prometheus.Desc) {
	ch <- reconcileDesc
	ch <- straysDesc
	ch <- heldDesc
}

// Collect implements prometheus.Collector.
func (m recoveryMetric) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	tell := func(d *prometheus.Desc, n int64, err error) {
		if err != nil {
			ch <- prometheus.NewInvalidMetric(d, err)
			return
		}
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n))
	}
	open, err := m.db.OpenRecovery(ctx)
	needed := int64(0)
	if open != nil {
		needed = 1
	}
	tell(reconcileDesc, needed, err)
	n, err := m.db.CountStrays(ctx)
	tell(straysDesc, n, err)
	n, err = m.db.CountHeld(ctx)
	tell(heldDesc, n, err)
}
