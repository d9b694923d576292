package inlinecrypt.keyslot.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every replacement policy must do; a test class of each policy inherits it. */
abstract class ReplacementPolicyContract {
  private static final int SEEDS = 30;
  private static final int STEPS = 2_000;

  abstract Replacement replacement();

  /**
   * @param future the requests that will be made
   */
  abstract Textbook textbook(int slotCount, int[] future);

  /** One that this policy alone gets right. */
  abstract Example example();

  /** The slot filled next after three slots got keys one by one, and the second was evicted. */
  int slotAfterAnEviction() {
    return 1;
  }

  /** Of {@code keys}, and any others, those whose failed programmings count for nothing. */
  List<CryptoKey> failingKeys(List<CryptoKey> keys) {
    return keys;
  }

  @Test
  void theExampleComesOutAsWorkedOutByHand() {
    assertThat(example().outcomeOf(replacement())).isEqualTo(example().outcome());
  }

  @ParameterizedTest
  @EnumSource
  void noOtherPolicyGetsTheExampleRight(Replacement other) {
    if (other != replacement()) {
      assertThat(example().outcomeOf(other)).isNotEqualTo(example().outcome());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 16, 32, 150})
  void oneAtATimeItHitsAsTheTextbookDoes(int slotCount) {
    int[] trace = Traces.trace(slotCount, 3 * slotCount, 5_000);
    List<CryptoKey> keys = PlayedSlots.keys(3 * slotCount);
    Textbook textbook = textbook(slotCount, trace);
    PlayedSlots slots = new PlayedSlots(slotCount, policy(slotCount, keys, trace));
    for (int place = 0; place < trace.length; place++) {
      assertThat(slots.request(keys.get(trace[place])))
          .as("request %s, for key %s", place, trace[place])
          .isEqualTo(textbook.request(trace[place]));
    }
  }

  @Test
  void theFirstKeysGetTheSlotsInTheirOrder() {
    List<CryptoKey> keys = PlayedSlots.keys(40);
    PlayedSlots slots = new PlayedSlots(40, replacement().policy(40, keys));
    for (int number = 0; number < 40; number++) {
      int slot = slots.acquire(keys.get(number));
      assertThat(slot).isEqualTo(number);
      if (number % 3 == 0) {
        slots.release(slot);
      }
    }
  }

  @Test
  void anEmptiedSlotIsFilledFirst() {
    List<CryptoKey> keys = PlayedSlots.keys(4);
    PlayedSlots slots = new PlayedSlots(3, replacement().policy(3, keys));
    keys.subList(0, 3).forEach(slots::request);
    slots.evict(keys.get(1));
    assertThat(slots.acquire(keys.get(3))).isEqualTo(slotAfterAnEviction());
  }

  @Test
  void theOnlyIdleSlotIsFoundWhereverItIs() {
    int slotCount = 20;
    List<CryptoKey> keys = PlayedSlots.keys(3 * slotCount);
    int[] trace = Traces.trace(1, keys.size(), 500);
    for (int idle = 0; idle < slotCount; idle++) {
      PlayedSlots slots = new PlayedSlots(slotCount, policy(slotCount, keys, trace));
      for (int number : trace) {
        slots.request(keys.get(number));
      }
      for (CryptoKey key : keys) {
        if (slots.slotOf(key) != PlayedSlots.NONE && slots.slotOf(key) != idle) {
          slots.acquire(key);
        }
      }
      CryptoKey newcomer = PlayedSlots.keys(1).getFirst();
      assertThat(slots.acquire(newcomer)).isEqualTo(idle);
      assertThat(slots.anyIdle()).isFalse();
    }
  }

  /** Key 0 in one run, and in its place a key never seen before in the other. */
  @Test
  void anEvictedKeyIsANewOneWhenItComesBack() {
    for (int seed = 0; seed < SEEDS; seed++) {
      int slotCount = 1 + seed % 12;
      int[] trace = Traces.trace(seed, 2 * slotCount + 1, STEPS);
      int stranger = 2 * slotCount + 1;
      int evictedAt = STEPS / 2;
      int[] strangersTrace = trace.clone();
      for (int place = evictedAt; place < STEPS; place++) {
        strangersTrace[place] = trace[place] == 0 ? stranger : trace[place];
      }
      assertThat(slotsOf(trace, slotCount, evictedAt))
          .as("seed %s", seed)
          .isEqualTo(slotsOf(strangersTrace, slotCount, evictedAt));
    }
  }

  private List<Integer> slotsOf(int[] trace, int slotCount, int evictedAt) {
    List<CryptoKey> keys = PlayedSlots.keys(2 * slotCount + 2);
    PlayedSlots slots = new PlayedSlots(slotCount, policy(slotCount, keys, trace));
    List<Integer> chosen = new ArrayList<>();
    for (int place = 0; place < trace.length; place++) {
      if (place == evictedAt) {
        slots.evict(keys.getFirst());
      }
      int slot = slots.acquire(keys.get(trace[place]));
      slots.release(slot);
      chosen.add(slot);
    }
    return chosen;
  }

  /** Any mixture of overlapping requests, evictions and failures; the slots check each answer. */
  @Test
  void aBusySlotIsNeverChosenAndEqualRunsChooseAlike() {
    for (int seed = 0; seed < SEEDS; seed++) {
      String when = "seed " + seed;
      assertThat(new Run(seed).log()).as(when).isEqualTo(new Run(seed).log());
    }
  }

  @Test
  void afterFailedProgrammingsItChoosesAsIfTheyHadNotBeenTried() {
    for (int seed = 0; seed < SEEDS; seed++) {
      new Run(seed, true).log();
    }
  }

  private ReplacementPolicy policy(int slotCount, List<CryptoKey> keys, int[] trace) {
    return replacement()
        .policy(slotCount, Arrays.stream(trace).<CryptoKey>mapToObj(keys::get).toList());
  }

  /** One seeded list of operations, with keys of its own: other identities, equal numbers. */
  private final class Run {
    private final int seed;
    private final SplittableRandom random;
    private final int[] trace;
    private final List<CryptoKey> keys;
    private final PlayedSlots slots;
    private final List<Integer> borrowed = new ArrayList<>();
    private final StringBuilder log = new StringBuilder();
    private int place;

    Run(int seed) {
      this(seed, false);
    }

    Run(int seed, boolean withFailures) {
      this.seed = seed;
      random = new SplittableRandom(seed);
      int slotCount = 1 + random.nextInt(seed % 2 == 0 ? 6 : 40);
      int keyCount = slotCount + 1 + random.nextInt(2 * slotCount + 1);
      trace = Traces.trace(seed, keyCount, STEPS);
      keys = PlayedSlots.keys(keyCount);
      ReplacementPolicy policy = policy(slotCount, keys, trace);
      slots =
          new PlayedSlots(
              slotCount,
              withFailures
                  ? new WithFailures(random, policy(slotCount, keys, trace), policy, keys)
                  : policy);
    }

    String log() {
      for (int step = 0; step < STEPS; step++) {
        try {
          step();
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed " + seed + ", step " + step + " after:" + log, e);
        }
      }
      return log.toString();
    }

    private void step() {
      int choice = random.nextInt(100);
      if (choice < 50) {
        int number = trace[place++];
        int slot = slots.acquire(keys.get(number));
        log.append(" acquire K").append(number).append(" in ").append(slot);
        if (slot != PlayedSlots.NONE) {
          borrowed.add(slot);
        }
      } else if (choice < 95 && !borrowed.isEmpty()) {
        int slot = borrowed.remove(random.nextInt(borrowed.size()));
        log.append(" release ").append(slot);
        slots.release(slot);
      } else if (choice >= 95) {
        int number = random.nextInt(keys.size());
        log.append(" evict K").append(number);
        slots.evict(keys.get(number));
      }
    }
  }

  /** Two policies that must agree though one of them is also asked for slots that fail. */
  private final class WithFailures implements ReplacementPolicy {
    private final SplittableRandom random;
    private final ReplacementPolicy failing;
    private final ReplacementPolicy plain;
    private final List<CryptoKey> failingKeys;

    WithFailures(
        SplittableRandom random,
        ReplacementPolicy failing,
        ReplacementPolicy plain,
        List<CryptoKey> keys) {
      this.random = random;
      this.failing = failing;
      this.plain = plain;
      failingKeys = failingKeys(keys);
    }

    @Override
    public int victim(SlotView slots, CryptoKey incoming) {
      for (int failures = random.nextInt(4); failures > 0; failures--) {
        CryptoKey key = failingKeys.get(random.nextInt(failingKeys.size()));
        if (((PlayedSlots) slots).slotOf(key) == PlayedSlots.NONE) {
          assertThat(slots.isIdle(failing.victim(slots, key))).isTrue();
        }
      }
      int victim = failing.victim(slots, incoming);
      assertThat(victim).isEqualTo(plain.victim(slots, incoming));
      return victim;
    }

    @Override
    public void installed(SlotView slots, int slot, CryptoKey key) {
      failing.installed(slots, slot, key);
      plain.installed(slots, slot, key);
    }

    @Override
    public void evicted(SlotView slots, int slot, CryptoKey key) {
      failing.evicted(slots, slot, key);
      plain.evicted(slots, slot, key);
    }
  }
}
