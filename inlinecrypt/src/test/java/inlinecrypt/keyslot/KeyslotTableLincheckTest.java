package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.replacement.Lru;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * The protocol of {@link KeyslotTable}, with a mutex in place of the section: whatever threads do
 * at once, there is an order of their calls in which {@link AtomicKeyslots} gives the same answers.
 * Each test is a race that a step of the protocol is there for.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:3")
public class KeyslotTableLincheckTest {
  private final CryptoKey[] keys = TestKeys.keys(4);
  private final KeyslotTable table = new KeyslotTable(AtomicKeyslots.SLOTS, () -> 0);
  private final ReplacementPolicy policy = new Lru();
  private final List<ArrayDeque<Integer>> held = new ArrayList<>(); // slots, by thread
  private final boolean[] waits = new boolean[AtomicKeyslots.THREADS];

  public KeyslotTableLincheckTest() {
    for (int thread = 0; thread < AtomicKeyslots.THREADS; thread++) {
      held.add(new ArrayDeque<>());
    }
  }

  @Test
  void aMissDoesNotTakeTheSlotOfAHit() {
    check("get 0 0, get 1 1, put 0", "get 0 0 | get 2 2", "put 0, put 2, evict 0, evict 2");
  }

  @Test
  void aHitDoesNotFindTheKeyThatWasOverwritten() {
    check("get 0 0, get 1 1, put 0", "get 0 0 | get 2 2, put 2", "get 3 0, get 4 2");
  }

  @Test
  void aSlotThatARefusedMissSawBusyIsIdleAfterTheOthers() {
    check("get 0 0, get 1 1", "put 0 | put 1, get 2 3, get 2 3", "get 2 3");
  }

  @Test
  void aMissDoesNotOverlookASlotThatIsIdleLonger() {
    check("get 0 0, get 0 1", "put 0, put 0 | get 2 3", "get 2 3");
  }

  @Test
  void aHitBeforeTheLastReleaseMakesTheSlotIdleLater() {
    check("get 0 0, get 1 1", "put 0 | get 2 0, put 2 | put 1", "get 3 3, get 3 2, get 4 3");
  }

  @Test
  void anEvictedKeyIsNotHitAgain() {
    check("get 0 0, get 1 1", "put 0 | evict 0 | get 2 0", "get 3 3, evict 0, get 4 0");
  }

  @Test
  void anEvictLeavesTheSlotAtItsPlace() {
    check("get 0 0, get 1 1, put 0", "put 1 | evict 0", "get 2 3, get 3 2, get 4 3");
  }

  private static void check(String before, String parallel, String after) {
    Lincheck.checkScenario(KeyslotTableLincheckTest.class, before, parallel, after);
  }

  @Operation
  public int get(@Param(gen = ThreadIdGen.class) int thread, @Param(name = "key") int key) {
    if (waits[thread]) {
      return AtomicKeyslots.NOTHING;
    }
    int slot = table.borrow(keys[key]);
    if (slot == KeyslotTable.NONE) {
      slot = miss(thread, key);
    }
    if (slot >= 0) {
      held.get(thread).add(slot);
    }
    return slot;
  }

  private synchronized int miss(int thread, int key) {
    int slot = table.borrow(keys[key]);
    if (slot != KeyslotTable.NONE) {
      return slot;
    }
    slot = table.claimVictim(policy, keys[key]);
    if (slot == KeyslotTable.NONE) {
      waits[thread] = true;
      return AtomicKeyslots.ASLEEP;
    }
    if (key == AtomicKeyslots.BAD_KEY) {
      table.unclaim(slot);
      return AtomicKeyslots.REFUSED[slot];
    }
    keys[key].beginUse();
    table.install(slot, keys[key]);
    return slot;
  }

  @Operation
  public int put(@Param(gen = ThreadIdGen.class) int thread) {
    Integer slot = held.get(thread).poll();
    if (slot == null) {
      return AtomicKeyslots.NOTHING;
    }
    table.giveBack(slot);
    return slot;
  }

  @Operation
  public synchronized Errno evict(@Param(name = "key") int key) {
    int slot = table.find(keys[key]);
    if (slot == KeyslotTable.NONE) {
      return Errno.OK;
    }
    if (!table.forgetAndClaim(slot, keys[key])) {
      return Errno.EBUSY;
    }
    table.unclaim(slot);
    keys[key].endUse();
    return Errno.OK;
  }
}
