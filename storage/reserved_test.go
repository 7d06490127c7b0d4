package storage_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// reserved are the words that MySQL 8.0 and 8.4, MariaDB or TiDB do not take as
// the name of a column unless it is quoted: from the manuals of MySQL and
// MariaDB, what a MariaDB 10.11 refused when each of its keywords was tried, and
// the table of TiDB's parser. The second part is reserved by one or two of them
// only: these are the names that work until a court runs another server.
var reserved = strings.Fields(`
	add all alter analyze and as asc between bigint binary blob both by call cascade case change char character check collate column constraint continue
	convert create cross current_date current_time current_timestamp current_user cursor database databases day_hour day_microsecond day_minute day_second
	decimal default delayed delete desc describe distinct distinctrow div double drop dual else elseif enclosed escaped except exists exit explain false
	fetch float float4 float8 for force foreign from fulltext grant group having high_priority hour_microsecond hour_minute hour_second if ignore in index
	infile inner inout insert int int1 int2 int3 int4 int8 integer intersect interval into is iterate join key keys kill leading leave left like limit
	linear lines load localtime localtimestamp lock long longblob longtext low_priority match maxvalue mediumblob mediumint mediumtext middleint
	minute_microsecond minute_second mod natural no_write_to_binlog not null numeric on optimize option optionally or order out outer outfile over
	partition precision primary procedure range read real recursive references regexp release rename repeat replace require restrict revoke right rlike
	row_number rows second_microsecond select set show smallint spatial sql sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate
	sqlwarning ssl starting straight_join table terminated then tinyblob tinyint tinytext to trailing trigger true union unique unlock unsigned update
	usage use using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying when where while window with write xor year_month
	zerofill
` + `
	accessible array asensitive before condition cube cume_dist current_role dec declare delete_domain_id dense_rank deterministic do_domain_ids each
	empty first_value function general generated get grouping groups ignore_domain_ids ignore_server_ids ilike insensitive io_after_gtids io_before_gtids
	json_table lag last_value lateral lead loop manual master_bind master_demote_to_replica master_demote_to_slave master_heartbeat_period
	master_ssl_verify_server_cert modifies nth_value ntile of offset optimizer_costs page_checksum parallel parse_vcol_expr percent_rank portion purge
	qualify rank read_write reads ref_system_id resignal return returning row schema schemas sensitive separator signal slow specific stats_auto_recalc
	stats_persistent stats_sample_pages stored system tablesample tidb_current_tso undo until vector virtual
`)

// Nothing in the database has a name that must be quoted: SQL that is written
// by hand would work on one server and fail on another.
func TestNoNameIsReserved(t *testing.T) {
	t.Parallel()
	if len(reserved) < 290 || !slices.Contains(reserved, "until") || !slices.Contains(reserved, "before") {
		t.Fatalf("the list has %d words", len(reserved))
	}
	mysql, sqlite := bothSchemas(t)
	for _, tab := range slices.Concat(mysql, sqlite) {
		names := []string{tab.Name}
		for _, c := range tab.Columns {
			names = append(names, c.Name)
		}
		for name := range tab.Indexes {
			names = append(names, name)
		}
		for _, name := range names {
			if slices.Contains(reserved, strings.ToLower(name)) {
				t.Errorf("%s: %s is reserved by MySQL, MariaDB or TiDB", tab.Name, name)
			}
		}
	}
}

// The server of the tests takes every name as it is.
func TestEveryNameWorksUnquoted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	mysql, _ := bothSchemas(t)
	for _, tab := range mysql {
		var names, counts []string
		for _, c := range tab.Columns {
			names, counts = append(names, c.Name), append(counts, "COUNT("+c.Name+")")
		}
		query := "SELECT " + strings.Join(counts, " + ") + " FROM " + tab.Name + " WHERE 1 = 0 ORDER BY " + strings.Join(names, ", ")
		if _, err := storage.Text(ctx, db, query); err != nil {
			t.Errorf("%s: %v", tab.Name, err)
		}
	}
}
