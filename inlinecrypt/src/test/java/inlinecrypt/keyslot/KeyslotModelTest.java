package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.NaiveKeyslots.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Seeded operation lists against {@link NaiveKeyslots}. After each step slots, borrowers, idle
 * order and counters are the same, so are all calls of the device and all that the callers were
 * told, and the invariants of {@code block/blk-crypto-profile.c} hold.
 */
class KeyslotModelTest {
  private static final int SEEDS = 300;
  private static final int STEPS = 500;
  private static final int CHECKS_TO_COUNT = 50; // a copy of the counters is large

  @Test
  void anyOperationListAgreesWithTheModel() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed);
      for (int step = 0; step < STEPS; step++) {
        String operation = run.step();
        run.check("seed " + seed + ", step " + step + ": " + operation);
      }
      run.end("seed " + seed + ", end");
    }
  }

  /** One list on both sides. */
  private static final class Run {
    private final SplittableRandom random;
    private final int slotCount;
    private final CryptoKey[] keys;
    private final int burst; // posts grow up to about so many
    private final List<String> calls = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Integer> borrowed = new ArrayList<>(); // slots, once for each borrow
    private final List<Integer> borrowedKeys = new ArrayList<>(); // beside it
    private final PostQueue posts = new PostQueue();
    private final NaiveKeyslots model;
    private final KeyslotManager manager;
    private @Nullable KeyslotCompletion underWay;
    private int callCount;
    private int nextId;
    private int checks;

    Run(int seed) {
      random = new SplittableRandom(seed);
      slotCount = 1 + random.nextInt(5);
      keys = TestKeys.keys(1 + random.nextInt(slotCount + 3));
      burst = 1 + random.nextInt(8);
      int atOncePercent = 25 * random.nextInt(5);
      int errorPercent = 10 * random.nextInt(3);
      model = new NaiveKeyslots(slotCount, call -> answer(seed, call, atOncePercent, errorPercent));
      manager =
          new KeyslotManager(
              slotCount,
              new KeyslotDevice() {
                @Override
                public void program(int slot, CryptoKey key, KeyslotCompletion done) {
                  boolean again = manager().table().key(slot) == key;
                  assertThat(again || manager().table().borrowers(slot) == 0)
                      .as("I5: a borrowed slot is not programmed")
                      .isTrue();
                  call("program " + slot + " K" + indexOf(key), done);
                }

                @Override
                public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
                  assertThat(manager().table().borrowers(slot)).as("I5").isZero();
                  call("evict " + slot + " K" + indexOf(key), done);
                }

                private void call(String what, KeyslotCompletion done) {
                  assertThat(underWay).as("I4: calls do not overlap").isNull();
                  calls.add(what);
                  Answer answer = answer(seed, callCount++, atOncePercent, errorPercent);
                  if (answer.atOnce()) {
                    done.done(answer.result());
                  } else {
                    underWay = result -> done.done(answer.result());
                  }
                }
              },
              () -> model.nowNs);
    }

    private static Answer answer(int seed, int call, int atOncePercent, int errorPercent) {
      SplittableRandom chance = new SplittableRandom(seed * 1_000_003L + call);
      return new Answer(
          chance.nextInt(100) < atOncePercent,
          chance.nextInt(100) < errorPercent ? Errno.EIO : Errno.OK);
    }

    String step() {
      model.pass(random.nextInt(3) * 500L);
      int choice = random.nextInt(100);
      if (posts.size() > burst || choice < 30) {
        runOnePost();
        return "run what was posted first";
      } else if (choice < 45) {
        answerCall();
        return "the device answers";
      } else if (choice < 70) {
        int key = random.nextInt(keys.length);
        acquire(key);
        return "acquire K" + key;
      } else if (choice < 93) {
        release();
        return "release";
      } else if (choice < 98) {
        int key = random.nextInt(keys.length);
        evict(key);
        return "evict K" + key;
      }
      int id = nextId++;
      model.reprogramAll(id);
      manager.reprogramAll(result -> told.add("reprogrammed " + id + " " + result));
      return "reprogram all";
    }

    private void acquire(int key) {
      int id = nextId++;
      KeyslotAcquire waiter =
          new KeyslotAcquire(posts) {
            @Override
            protected void granted(int slot) {
              told.add("granted " + id + " " + slot);
              borrowed.add(slot);
              borrowedKeys.add(key);
            }

            @Override
            protected void refused(Errno reason) {
              told.add("refused " + id + " " + reason);
            }
          };
      int slot = manager.acquire(waiter, keys[key]);
      assertThat(slot).isEqualTo(model.acquire(id, key));
      if (slot != KeyslotManager.PENDING) {
        borrowed.add(slot);
        borrowedKeys.add(key);
      }
    }

    private void release() {
      if (borrowed.isEmpty()) {
        return;
      }
      int choice = random.nextInt(borrowed.size());
      int slot = borrowed.remove(choice);
      borrowedKeys.remove(choice);
      manager.release(slot);
      model.release(slot);
    }

    private void evict(int key) {
      int id = nextId++;
      model.evict(id, key);
      manager.evict(
          keys[key],
          result -> {
            assertThat(manager.table().find(keys[key])).as("I10").isEqualTo(KeyslotTable.NONE);
            told.add("evicted " + id + " " + result);
          });
    }

    private void answerCall() {
      KeyslotCompletion call = underWay;
      assertThat(call != null).isEqualTo(model.callUnderWay);
      if (call != null) {
        underWay = null;
        call.done(Errno.OK);
        model.answer();
      }
    }

    private boolean runOnePost() {
      if (!model.posts.isEmpty()) {
        model.posts.removeFirst().run();
      }
      return posts.runOne();
    }

    void check(String when) {
      KeyslotTable table = manager.table();
      assertThat(calls).as(when).isEqualTo(model.calls);
      assertThat(told).as(when).isEqualTo(model.told);
      calls.clear();
      told.clear();
      model.calls.clear();
      model.told.clear();
      assertThat(posts.size()).as(when).isEqualTo(model.posts.size());
      assertThat(IdleOrder.of(table))
          .as(when)
          .containsExactly(model.idle.stream().mapToInt(Integer::intValue).toArray());
      int[] slotKeys = new int[slotCount];
      int[] borrowers = new int[slotCount];
      for (int slot = 0; slot < slotCount; slot++) {
        CryptoKey key = table.key(slot);
        slotKeys[slot] = key == null ? NaiveKeyslots.EMPTY : indexOf(key);
        borrowers[slot] = table.borrowers(slot);
        assertThat(key == null || table.find(key) == slot).as("I2, I3, " + when).isTrue();
      }
      assertThat(slotKeys).as(when).isEqualTo(model.keys);
      assertThat(borrowers).as(when).isEqualTo(model.borrowers);
      checkBorrowers(borrowers, IdleOrder.of(table), slotKeys, when);
      assertThat(manager.slotsInUse())
          .as(when)
          .isEqualTo(new SlotsInUse(model.keyed(), model.busy()));
      if (++checks % CHECKS_TO_COUNT == 0) {
        assertThat(manager.counters()).as(when).isEqualTo(model.counters());
      }
    }

    private void checkBorrowers(int[] borrowers, int[] idle, int[] slotKeys, String when) {
      int idleCount = 0;
      for (int slot = 0; slot < slotCount; slot++) {
        int at = slot;
        boolean isIdle = Arrays.stream(idle).anyMatch(other -> other == at);
        assertThat(isIdle).as("I1, " + when).isEqualTo(borrowers[slot] == 0);
        idleCount += isIdle ? 1 : 0;
        assertThat(borrowers[slot])
            .as("I11, " + when)
            .isGreaterThanOrEqualTo(Collections.frequency(borrowed, slot));
      }
      assertThat(idleCount).as("I7, " + when).isEqualTo(idle.length);
      for (int i = 0; i < borrowed.size(); i++) {
        assertThat(slotKeys[borrowed.get(i)])
            .as("I6, " + when)
            .isIn(borrowedKeys.get(i), NaiveKeyslots.EMPTY);
      }
    }

    /** Lets all finish; then every key can be evicted and closed. */
    void end(String when) {
      boolean more = true;
      while (more) {
        more = underWay != null || posts.size() > 0 || !borrowed.isEmpty();
        answerCall();
        runOnePost();
        release();
        check(when);
      }
      for (int key = 0; key < keys.length; key++) {
        evict(key);
        answerCall();
        check(when);
        keys[key].close();
      }
      assertThat(IdleOrder.of(manager.table())).as(when).hasSize(slotCount);
    }

    private KeyslotManager manager() {
      return Objects.requireNonNull(manager);
    }

    private int indexOf(CryptoKey key) {
      return Arrays.asList(keys).indexOf(key);
    }
  }
}
