/* The stated limit: the collision-free speed model written by hand for speed, in double precision.

   People are sorted into cells each step and kept as arrays of structure members (x[], y[]), row by
   row of the grid, so that the candidates of one person are a few contiguous stretches. Reductions
   carry "omp simd", so the compiler may reorder them and use whole vectors; the exponential is a
   polynomial, so that it vectorises. Multiplications and additions may be fused. None of this keeps
   the same bits on every processor, which our kernels do; a limit need not.

   Three ways to go through the neighbours; the benchmark times all and takes the fastest:

     WHOLE_ROWS  every candidate of the rows, those out of reach weighed by 0
     OWN_LIST    each person lists who is in reach, then pushes and gap from the list
     PAIRS       each pair is listed once and its push added to both

   Compile: cc -O3 -march=native -fopenmp-simd -fno-math-errno -fno-trapping-math -shared -fPIC
   (the last two let the square root vectorise; they change no value). SI units. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE_ROWS, OWN_LIST, PAIRS };

typedef struct {
    double time_gap, strength, per_reach, wall_strength, wall_reach, radius, cutoff, speed, dt;
} Law;

#define NOBODY 1e300
#define NEGLIGIBLE 1e-8 /* pushes of a wall below this are left out, as by our kernels */

static inline double fast_exp(double x) {
    x = x > -700.0 ? x : -700.0;
    x = x < 700.0 ? x : 700.0;
    const double rounder = 6755399441055744.0; /* 1.5 * 2^52 */
    double shifted = x * 1.4426950408889634 + rounder;
    double r = x - (shifted - rounder) * 0.6931471805599453;
    double p = 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    union { double d; uint64_t u; } low = { .d = shifted }, power;
    power.u = (low.u << 52) + ((uint64_t)1023 << 52);
    return p * power.d;
}

static inline int slot(double along, double per_metre, int slots) {
    int place = along > 0.0 ? (int)(along * per_metre) : 0;
    return place < slots ? place : slots - 1;
}

typedef struct {
    int n, columns, rows;
    double low_x, low_y, per_x, per_y;
    int *cell, *start, *order;
    double *x, *y, *ex, *ey, *push_x, *push_y, *ahead; /* by sorted row */
    double *dx, *dy, *part_x, *part_y;                 /* by pair or neighbour */
    int *other, *first_pair;
} Crowd;

static void sort_people(Crowd *c, const double *x, const double *y) {
    int cells = c->columns * c->rows;
    memset(c->start, 0, sizeof(int) * (cells + 2));
    for (int i = 0; i < c->n; i++) {
        c->cell[i] = slot(y[i] - c->low_y, c->per_y, c->rows) * c->columns
            + slot(x[i] - c->low_x, c->per_x, c->columns);
        c->start[c->cell[i] + 2]++;
    }
    for (int k = 2; k < cells + 2; k++) c->start[k] += c->start[k - 1];
    for (int i = 0; i < c->n; i++) {
        int place = c->start[c->cell[i] + 1]++;
        c->order[place] = i;
        c->x[place] = x[i];
        c->y[place] = y[i];
    }
}

/* The desired direction with the pushes of the walls. */
static void aim(Crowd *c, const Law *law, const double *target_x, const double *target_y,
                const double *walls, int wall_count) {
    double fade = law->radius + law->wall_reach * log(law->wall_strength / NEGLIGIBLE);
    for (int i = 0; i < c->n; i++) {
        double gx = target_x[c->order[i]] - c->x[i], gy = target_y[c->order[i]] - c->y[i];
        double inverse = 1.0 / sqrt(gx * gx + gy * gy);
        c->push_x[i] = gx * inverse;
        c->push_y[i] = gy * inverse;
    }
    for (int w = 0; w < wall_count; w++) {
        double x1 = walls[4 * w], y1 = walls[4 * w + 1];
        double ax = walls[4 * w + 2] - x1, ay = walls[4 * w + 3] - y1;
        double length = sqrt(ax * ax + ay * ay);
        ax /= length;
        ay /= length;
        for (int i = 0; i < c->n; i++) {
            double fx = c->x[i] - x1, fy = c->y[i] - y1;
            double along = fx * ax + fy * ay;
            along = along > 0.0 ? along : 0.0;
            along = along < length ? along : length;
            fx -= along * ax;
            fy -= along * ay;
            double distance2 = fx * fx + fy * fy;
            if (distance2 < fade * fade) {
                double distance = sqrt(distance2);
                double push = law->wall_strength
                    * fast_exp((law->radius - distance) / law->wall_reach) / distance;
                c->push_x[i] += push * fx;
                c->push_y[i] += push * fy;
            }
        }
    }
}

static inline void turn(Crowd *c, int i) {
    double inverse = 1.0 / sqrt(c->push_x[i] * c->push_x[i] + c->push_y[i] * c->push_y[i]);
    c->ex[i] = c->push_x[i] * inverse;
    c->ey[i] = c->push_y[i] * inverse;
}

static inline double push_of(double distance2, const Law *law) {
    double distance = sqrt(distance2);
    return law->strength * fast_exp((2.0 * law->radius - distance) * law->per_reach) / distance;
}

static void whole_rows(Crowd *c, const Law *law) {
    const double *restrict x = c->x, *restrict y = c->y;
    double reach2 = law->cutoff * law->cutoff, touch = 2.0 * law->radius;
    for (int i = 0; i < c->n; i++) {
        double xi = x[i], yi = y[i], px = 0.0, py = 0.0;
        int low_row = slot(yi - law->cutoff - c->low_y, c->per_y, c->rows);
        int high_row = slot(yi + law->cutoff - c->low_y, c->per_y, c->rows);
        int left = slot(xi - law->cutoff - c->low_x, c->per_x, c->columns);
        int right = slot(xi + law->cutoff - c->low_x, c->per_x, c->columns);
        for (int row = low_row; row <= high_row; row++) {
            int low = c->start[row * c->columns + left];
            int high = c->start[row * c->columns + right + 1];
#pragma omp simd reduction(+ : px, py)
            for (int j = low; j < high; j++) {
                double dx = xi - x[j], dy = yi - y[j], d2 = dx * dx + dy * dy;
                int near = (d2 < reach2) & (d2 > 0.0);
                double push = push_of(near ? d2 : 1.0, law);
                push = near ? push : 0.0;
                px += push * dx;
                py += push * dy;
            }
        }
        c->push_x[i] += px;
        c->push_y[i] += py;
        turn(c, i);
        double ex = c->ex[i], ey = c->ey[i], nearest = NOBODY;
        for (int row = low_row; row <= high_row; row++) {
            int low = c->start[row * c->columns + left];
            int high = c->start[row * c->columns + right + 1];
#pragma omp simd reduction(min : nearest)
            for (int j = low; j < high; j++) {
                double dx = x[j] - xi, dy = y[j] - yi, d2 = dx * dx + dy * dy;
                int seen = (d2 < reach2) & (d2 > 0.0) & (ex * dx + ey * dy >= 0.0)
                    & (fabs(ex * dy - ey * dx) <= touch);
                double away = seen ? d2 : NOBODY;
                nearest = away < nearest ? away : nearest;
            }
        }
        c->ahead[i] = nearest;
    }
}

static void own_list(Crowd *c, const Law *law) {
    const double *restrict x = c->x, *restrict y = c->y;
    double *restrict near_x = c->dx, *restrict near_y = c->dy;
    double reach2 = law->cutoff * law->cutoff, touch = 2.0 * law->radius;
    for (int i = 0; i < c->n; i++) {
        double xi = x[i], yi = y[i], px = 0.0, py = 0.0;
        int low_row = slot(yi - law->cutoff - c->low_y, c->per_y, c->rows);
        int high_row = slot(yi + law->cutoff - c->low_y, c->per_y, c->rows);
        int left = slot(xi - law->cutoff - c->low_x, c->per_x, c->columns);
        int right = slot(xi + law->cutoff - c->low_x, c->per_x, c->columns);
        int near = 0;
        for (int row = low_row; row <= high_row; row++) {
            int low = c->start[row * c->columns + left];
            int high = c->start[row * c->columns + right + 1];
            for (int j = low; j < high; j++) {
                double dx = x[j] - xi, dy = y[j] - yi, d2 = dx * dx + dy * dy;
                near_x[near] = dx;
                near_y[near] = dy;
                near += (d2 < reach2) & (d2 > 0.0);
            }
        }
#pragma omp simd reduction(+ : px, py)
        for (int k = 0; k < near; k++) {
            double dx = near_x[k], dy = near_y[k];
            double push = push_of(dx * dx + dy * dy, law);
            px -= push * dx;
            py -= push * dy;
        }
        c->push_x[i] += px;
        c->push_y[i] += py;
        turn(c, i);
        double ex = c->ex[i], ey = c->ey[i], nearest = NOBODY;
#pragma omp simd reduction(min : nearest)
        for (int k = 0; k < near; k++) {
            double dx = near_x[k], dy = near_y[k];
            int seen = (ex * dx + ey * dy >= 0.0) & (fabs(ex * dy - ey * dx) <= touch);
            double away = seen ? dx * dx + dy * dy : NOBODY;
            nearest = away < nearest ? away : nearest;
        }
        c->ahead[i] = nearest;
    }
}

static void pairs(Crowd *c, const Law *law) {
    const double *restrict x = c->x, *restrict y = c->y;
    double *restrict dxs = c->dx, *restrict dys = c->dy;
    double *restrict part_x = c->part_x, *restrict part_y = c->part_y;
    int *restrict other = c->other;
    double reach2 = law->cutoff * law->cutoff, touch = 2.0 * law->radius;
    int k = 0, begin = 0, first = 0;
    for (int i = 0; i < c->n; i++) {
        double xi = x[i], yi = y[i];
        c->first_pair[i] = k;
        int row = slot(yi - c->low_y, c->per_y, c->rows);
        int high_row = slot(yi + law->cutoff - c->low_y, c->per_y, c->rows);
        int left = slot(xi - law->cutoff - c->low_x, c->per_x, c->columns);
        int right = slot(xi + law->cutoff - c->low_x, c->per_x, c->columns);
        for (int r = row; r <= high_row; r++) {
            int low = r == row ? i + 1 : c->start[r * c->columns + left];
            int high = c->start[r * c->columns + right + 1];
            for (int j = low; j < high; j++) {
                double dx = x[j] - xi, dy = y[j] - yi, d2 = dx * dx + dy * dy;
                other[k] = j;
                dxs[k] = dx;
                dys[k] = dy;
                k += (d2 < reach2) & (d2 > 0.0);
            }
        }
        c->first_pair[i + 1] = k;
        if (k - begin < 1024 && i + 1 < c->n) continue; /* pairs are used while in the cache */
#pragma omp simd
        for (int p = begin; p < k; p++) {
            double push = push_of(dxs[p] * dxs[p] + dys[p] * dys[p], law);
            part_x[p - begin] = push * dxs[p];
            part_y[p - begin] = push * dys[p];
        }
        for (; first <= i; first++) {
            double px = 0.0, py = 0.0;
            for (int p = c->first_pair[first]; p < c->first_pair[first + 1]; p++) {
                px -= part_x[p - begin];
                py -= part_y[p - begin];
                c->push_x[other[p]] += part_x[p - begin];
                c->push_y[other[p]] += part_y[p - begin];
            }
            c->push_x[first] += px;
            c->push_y[first] += py;
        }
        begin = k;
    }
    for (int i = 0; i < c->n; i++) {
        turn(c, i);
        c->ahead[i] = NOBODY;
    }
    for (int i = 0; i < c->n; i++) {
        double ex = c->ex[i], ey = c->ey[i], nearest = c->ahead[i];
        for (int p = c->first_pair[i]; p < c->first_pair[i + 1]; p++) {
            int j = other[p];
            double dx = dxs[p], dy = dys[p], d2 = dx * dx + dy * dy;
            int seen = (ex * dx + ey * dy >= 0.0) & (fabs(ex * dy - ey * dx) <= touch);
            double away = seen ? d2 : NOBODY, fx = c->ex[j], fy = c->ey[j];
            nearest = away < nearest ? away : nearest;
            seen = (fx * dx + fy * dy <= 0.0) & (fabs(fx * dy - fy * dx) <= touch);
            away = seen ? d2 : NOBODY;
            c->ahead[j] = away < c->ahead[j] ? away : c->ahead[j];
        }
        c->ahead[i] = nearest;
    }
}

/* Walk n people at x, y (overwritten) for some steps; cells: columns and rows within the cutoff.
   Returns 0, or 1 where memory is short. */
int walk(int way, int steps, int n, double *x, double *y, const double *target_x,
         const double *target_y, const Law *law, const double *walls, int wall_count,
         const double *bounds, double columns_a_cutoff, double rows_a_cutoff, long most_pairs) {
    Crowd c = { .n = n, .low_x = bounds[0], .low_y = bounds[1] };
    c.per_x = columns_a_cutoff / law->cutoff;
    c.per_y = rows_a_cutoff / law->cutoff;
    c.columns = (int)((bounds[2] - bounds[0]) * c.per_x) + 1;
    c.rows = (int)((bounds[3] - bounds[1]) * c.per_y) + 1;
    size_t cells = (size_t)c.columns * c.rows + 2, people = n + 1, room = most_pairs + n;
    int *whole = malloc(sizeof(int) * (3 * people + cells + room));
    double *real = aligned_alloc(64, (sizeof(double) * (7 * people + 4 * room) / 64 + 1) * 64);
    if (!whole || !real) {
        free(whole);
        free(real);
        return 1;
    }
    c.cell = whole, c.order = c.cell + people, c.first_pair = c.order + people;
    c.start = c.first_pair + people, c.other = c.start + cells;
    c.x = real, c.y = c.x + people, c.ex = c.y + people, c.ey = c.ex + people;
    c.push_x = c.ey + people, c.push_y = c.push_x + people, c.ahead = c.push_y + people;
    c.dx = c.ahead + people, c.dy = c.dx + room, c.part_x = c.dy + room, c.part_y = c.part_x + room;
    for (int step = 0; step < steps; step++) {
        sort_people(&c, x, y);
        aim(&c, law, target_x, target_y, walls, wall_count);
        if (way == WHOLE_ROWS) whole_rows(&c, law);
        else if (way == OWN_LIST) own_list(&c, law);
        else pairs(&c, law);
        for (int i = 0; i < n; i++) {
            double free_pace = (sqrt(c.ahead[i]) - 2.0 * law->radius) / law->time_gap;
            double pace = free_pace > 0.0 ? free_pace : 0.0;
            pace = pace < law->speed ? pace : law->speed;
            x[c.order[i]] = c.x[i] + pace * law->dt * c.ex[i];
            y[c.order[i]] = c.y[i] + pace * law->dt * c.ey[i];
        }
    }
    free(whole);
    free(real);
    return 0;
}
