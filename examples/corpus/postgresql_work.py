"""What sessions of a small shop do in its database when all is well."""

import time

from pgwire import ServerError

CUSTOMERS, PRODUCTS, CATEGORIES = 400, 240, 12
# Faults work on rows above these, so that they meet no well-behaved session.
RESERVED_FROM = PRODUCTS + 1
RESERVED = 400

SCHEMA = f"""
CREATE TABLE customers (id serial PRIMARY KEY, email text UNIQUE NOT NULL, name text NOT NULL, last_login timestamptz);
CREATE TABLE products (id serial PRIMARY KEY, name text NOT NULL, category int NOT NULL, price numeric(8,2) NOT NULL CHECK (price > 0));
CREATE TABLE stock (product_id int PRIMARY KEY REFERENCES products, quantity int NOT NULL CHECK (quantity >= 0));
CREATE TABLE carts (customer_id int REFERENCES customers, product_id int REFERENCES products, quantity int NOT NULL, PRIMARY KEY (customer_id, product_id));
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, status text NOT NULL, created timestamptz DEFAULT now());
CREATE TABLE order_items (order_id int REFERENCES orders, product_id int REFERENCES products, quantity int NOT NULL, price numeric(8,2) NOT NULL);
CREATE TABLE payments (id serial PRIMARY KEY, order_id int NOT NULL REFERENCES orders, amount numeric(8,2) NOT NULL, provider text NOT NULL);
CREATE TABLE jobs (id serial PRIMARY KEY, task text NOT NULL, state text NOT NULL DEFAULT 'queued');
CREATE TABLE page_views (at timestamptz, path text, milliseconds int);
CREATE TABLE payroll (employee text, salary int);
INSERT INTO customers (email, name) SELECT 'c' || i || '@example.org', 'Customer ' || i FROM generate_series(1, {CUSTOMERS}) i;
INSERT INTO products (name, category, price) SELECT 'Product ' || i, i % {CATEGORIES}, 1 + i % 90 FROM generate_series(1, {PRODUCTS + RESERVED}) i;
INSERT INTO stock SELECT id, 1000000 FROM products;
INSERT INTO jobs (task) SELECT 'mail ' || i FROM generate_series(1, 4000) i;
INSERT INTO page_views SELECT now() - i * interval '1 minute', '/p/' || i % 300, i % 977 FROM generate_series(1, 30000) i;
"""


class Rollback(Exception):
    """The application changes its mind."""


def set_up(db, random):
    """Limits that many applications set; a session with a fault says the same as one without."""
    if random.random() < 0.3:
        for name, value in (("statement_timeout", "30s"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")):
            if random.random() < 0.5:
                db.query(f"SET {name} = '{value}'")


def login(db, random):
    mail = f"c{random.randint(1, CUSTOMERS + 40)}@example.org"
    found = db.query(f"SELECT id, name FROM customers WHERE email = '{mail}'")
    if found:
        db.query(f"UPDATE customers SET last_login = now() WHERE id = {found[0][0]}")
        if random.random() < 0.3:
            db.query(f"SELECT id, status FROM orders WHERE customer_id = {found[0][0]} ORDER BY created DESC LIMIT 5")


def browse(db, random):
    for _ in range(random.randint(1, 4)):
        choice = random.random()
        if choice < 0.4:
            db.query(f"SELECT id, name, price FROM products WHERE category = {random.randrange(CATEGORIES)} ORDER BY name LIMIT 20")
        elif choice < 0.8:
            product = random.randint(1, PRODUCTS)
            db.query(f"SELECT * FROM products WHERE id = {product}")
            if random.random() < 0.5:
                db.query(f"SELECT quantity FROM stock WHERE product_id = {product}")
        else:
            db.query(f"SELECT id, name FROM products WHERE name ILIKE '%{random.randint(1, 99)}%' LIMIT 10")


def cart(db, random):
    customer = random.randint(1, CUSTOMERS)
    for _ in range(random.randint(1, 3)):
        db.query(
            f"INSERT INTO carts VALUES ({customer}, {random.randint(1, PRODUCTS)}, 1) "
            "ON CONFLICT (customer_id, product_id) DO UPDATE SET quantity = carts.quantity + 1"
        )
    db.query(f"SELECT product_id, quantity FROM carts WHERE customer_id = {customer}")
    if random.random() < 0.3:
        db.query(f"DELETE FROM carts WHERE customer_id = {customer} AND product_id <= {random.randint(1, PRODUCTS)}")


def checkout(db, random):
    customer = random.randint(1, CUSTOMERS)
    # Rows are always locked in the same order: no deadlocks.
    products = sorted(random.sample(range(1, PRODUCTS + 1), random.randint(1, 3)))
    db.query("BEGIN")
    for product in products:
        db.query(f"SELECT quantity FROM stock WHERE product_id = {product} FOR UPDATE")
    if random.random() < 0.1:
        db.query("ROLLBACK")
        return
    order = db.query(f"INSERT INTO orders (customer_id, status) VALUES ({customer}, 'new') RETURNING id")[0][0]
    for product in products:
        db.query(f"INSERT INTO order_items SELECT {order}, id, 1, price FROM products WHERE id = {product}")
        db.query(f"UPDATE stock SET quantity = quantity - 1 WHERE product_id = {product}")
    db.query(f"INSERT INTO payments (order_id, amount, provider) VALUES ({order}, {random.randint(5, 300)}.50, 'card')")
    db.query(f"UPDATE orders SET status = 'paid' WHERE id = {order}")
    db.query("COMMIT")


def work_off_jobs(db, random):
    for _ in range(random.randint(1, 3)):
        db.query("BEGIN")
        found = db.query("SELECT id, task FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
        if found:
            db.query(f"UPDATE jobs SET state = 'done' WHERE id = {found[0][0]}")
        db.query("COMMIT")


def report(db, random):
    if random.random() < 0.3:
        db.query("SET temp_tablespaces = archive1")
    db.query("SET work_mem = '64kB'" if random.random() < 0.5 else "SET work_mem = '8MB'")
    db.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
    if random.random() < 0.5:
        db.query("SELECT path, milliseconds, at FROM page_views ORDER BY milliseconds, at DESC OFFSET 29990")
    else:
        db.query("SELECT path, avg(milliseconds),\n       max(milliseconds)\n  FROM page_views\n GROUP BY path\n ORDER BY 2 DESC LIMIT 20")
    db.query("SELECT status, count(*) FROM orders GROUP BY status")
    db.query("COMMIT")


def load_file(db, random):
    lines = [f"2026-01-01 00:00:00+00\t/p/{random.randrange(300)}\t{random.randrange(900)}" for _ in range(random.randint(5, 60))]
    db.copy_in("COPY page_views FROM STDIN", lines)
    if random.random() < 0.4:
        db.query("ANALYZE page_views")


def maintain(db, random):
    choice = random.random()
    if choice < 0.4:
        db.query("VACUUM carts")
        db.query("ANALYZE carts")
    elif choice < 0.7:
        db.query("BEGIN")
        db.query("CREATE TEMP TABLE archive_run (at timestamptz, path text, note text) TABLESPACE archive1")
        db.query("INSERT INTO archive_run SELECT at, path, repeat('x', 900) FROM page_views LIMIT 300")
        db.query("COMMIT")
    else:
        db.query("CREATE TEMP TABLE basket AS SELECT product_id, sum(quantity) AS sold FROM order_items GROUP BY product_id")
        db.query("CREATE INDEX ON basket (sold)")
        db.query("SELECT product_id FROM basket ORDER BY sold DESC LIMIT 10")
        db.query("DROP TABLE basket")


def prepared(db, random):
    for _ in range(random.randint(1, 4)):
        db.execute("SELECT name, price FROM products WHERE id = $1", random.randint(1, PRODUCTS))
    if random.random() < 0.4:
        db.execute("UPDATE customers SET last_login = now() WHERE id = $1", random.randint(1, CUSTOMERS))


def register_twice(db, random):
    """A form sent twice: one violated constraint, which the application handles. Not a fault."""
    number = random.randint(1, CUSTOMERS)
    try:
        db.query(f"INSERT INTO customers (email, name) VALUES ('c{number}@example.org', 'Again')")
    except ServerError:
        db.query(f"SELECT id, name FROM customers WHERE email = 'c{number}@example.org'")


def health(db, random):
    db.query("SELECT 1")


def pooled(db, random):
    """A connection that a pool lends to one task after another."""
    for _ in range(random.randint(2, 5)):
        random.choice([login, browse, cart, checkout, prepared, work_off_jobs])(db, random)
        db.query("DISCARD ALL")


SHAPES = {
    browse: 21, login: 14, checkout: 17, cart: 10, work_off_jobs: 8, prepared: 8, health: 8, pooled: 5, report: 4, load_file: 3, maintain: 2,
    register_twice: 2,
}  # fmt: skip


def shape(random):
    """Draws what a session does."""
    return random.choices(list(SHAPES), weights=SHAPES.values())[0]


def hold_hot_row(db, seconds):
    """A campaign changes the price of one product and takes its time; others wait for it and then get their turn."""
    db.query("BEGIN")
    db.query(f"UPDATE products SET price = price + 1 WHERE id = {RESERVED_FROM}")
    time.sleep(seconds)
    db.query("COMMIT")


def wait_for_hot_row(db, random):
    db.query("BEGIN")
    db.query(f"UPDATE products SET price = price - 1 WHERE id = {RESERVED_FROM}")
    db.query("COMMIT")
