package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	gomysql "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"

	"microcourt/model"
)

// translate turns the database's errors into the model's. It is the only
// place that knows gorm's and the drivers' errors. what names the thing for
// the reason, e.g. "certificate" gives certificate.not_found.
func translate(err error, what string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*model.Error](err); ok {
		return err
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, gorm.ErrRecordNotFound):
		return model.E(model.NotFound, what+".not_found", "没有找到，或您无权查看").WithCause(err)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return model.E(model.Conflict, what+".exists", "已经存在，请勿重复提交").WithCause(err)
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return model.E(model.Conflict, what+".reference", "所引用的内容不存在，请刷新后重试").WithCause(err)
	case isDown(err):
		return model.E(model.Unavailable, "database.unavailable", "系统暂时无法处理，请稍后重试").WithCause(err)
	}
	return err
}

// isDeadlock tells whether the server chose the transaction as a victim: of a
// deadlock, of a lock that was not given in time, or, at COMMIT, of a cluster's
// certification.
func isDeadlock(err error) bool {
	m, ok := errors.AsType[*gomysql.MySQLError](err)
	return ok && (m.Number == 1213 || m.Number == 1205)
}

// uncertain is the error of a COMMIT whose answer is not known: what the
// transaction wrote may stand or not.
type uncertain struct{ cause error }

// Error implements error.
func (u *uncertain) Error() string { return "the answer to COMMIT is not known: " + u.cause.Error() }

// Unwrap gives the cause.
func (u *uncertain) Unwrap() error { return u.cause }

// Uncertain tells whether err leaves open if a transaction was committed. Then
// nothing that belongs to it outside the database may be undone: its rows may
// stand. Whoever cannot look again leaves it to the sweeper; the user may
// repeat his request.
func Uncertain(err error) bool {
	_, ok := errors.AsType[*uncertain](err)
	return ok
}

// commitError sorts the errors of COMMIT. Certain are those of a COMMIT that
// was not sent (database/sql looks at the context and the driver at the
// connection first) and those by which the server says that it rolled back.
// Every other leaves it open.
func commitError(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || isDeadlock(err) {
		return err
	}
	if m, ok := errors.AsType[*gomysql.MySQLError](err); ok && (m.Number == 1290 || m.Number == 1836) {
		return err // the server only reads
	}
	// SQLite was kept from beginning to write; what it could not finish is open.
	if isBusy(err) {
		return err
	}
	return model.E(model.Unavailable, "commit.uncertain",
		"系统没有来得及确认是否办理成功。请稍后在原页面再次提交：重复提交是安全的，同一事项不会办理两次").WithCause(&uncertain{err})
}

func isDown(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, gomysql.ErrInvalidConn) || errors.Is(err, net.ErrClosed) || errors.Is(err, ErrRestoring) {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if m, ok := errors.AsType[*gomysql.MySQLError](err); ok {
		// server shutdown, too many connections, lock wait, read only
		return m.Number == 1053 || m.Number == 1040 || m.Number == 1205 || m.Number == 1290
	}
	s := err.Error()
	return isBusy(err) ||
		strings.Contains(s, "database is closed") || strings.Contains(s, "SQLITE_FULL") ||
		strings.Contains(s, "SQLITE_IOERR") || strings.Contains(s, "unable to open database file")
}

// changed turns an update that met no row into a Conflict: somebody else
// changed the thing first.
func changed(res *gorm.DB, what string) error {
	if res.Error != nil {
		return translate(res.Error, what)
	}
	if res.RowsAffected == 0 {
		return model.E(model.Conflict, what+".changed", "内容刚刚被其他人更新，请刷新后再操作")
	}
	return nil
}

// createOnce inserts a row unless its natural key is taken, and tells which.
// (An ON CONFLICT clause could not tell: with MySQL's found-rows flag both
// count one affected row.) A failed INSERT undoes only itself in both
// databases, so the transaction goes on.
func createOnce(q *gorm.DB, row any) (created bool, err error) {
	err = q.Create(row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return false, nil
	}
	return err == nil, err
}
