package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The smallest region, so that checkpoints inside commits, and squeezing, are frequent. */
class MetadataPowerCutTest {
  private static final MetadataRegion REGION = new MetadataRegion(3, 128);
  private static final int LIVES = 4;
  private static final int KEYS = 1000;
  private static final int VALUE_BYTES = 100;

  /** What the store must hold, and what the commit under way would make of it. */
  private Map<Long, Long> committed = new TreeMap<>();

  private Map<Long, Long> current = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void afterAnyCutEveryCommitThatReturnedIsThereAndNoPartOfAnother(int hundred) throws IOException {
    for (int seed = hundred * 100; seed < hundred * 100 + 100; seed++) {
      liveAndBeCut(seed);
    }
  }

  @Test
  void aCutAtEachCallOfOneLifeIsSurvived() throws IOException {
    boolean cut = true;
    for (int calls = 0; cut; calls++) {
      VolatileDevice device = fresh(9);
      Random chance = new Random(9);
      device.cutAfter(calls);
      cut = liveUntilCut(device, chance, 40);
      if (cut) {
        check(device, "calls " + calls);
      }
    }
  }

  @Test
  void aCutWhileFormattingLeavesAnEmptyStoreOrNone() throws IOException {
    int formatted = 0;
    int refused = 0;
    for (int seed = 0; seed < 100; seed++) {
      VolatileDevice device = fresh(seed);
      device.cutAfter(seed % 7);
      try {
        MetadataStore.format(device, REGION);
      } catch (VolatileDevice.PowerCut e) {
        // The point of the test.
      }
      device.powerOn();
      try {
        assertThat(map(MetadataStore.open(device, REGION))).isEmpty();
        formatted++;
      } catch (MetadataCorruptException e) {
        refused++;
      }
    }
    assertThat(formatted).isPositive();
    assertThat(refused).isPositive();
  }

  private void liveAndBeCut(int seed) throws IOException {
    VolatileDevice device = fresh(seed);
    Random chance = new Random(seed);
    for (int life = 0; life < LIVES; life++) {
      device.cutAfter(chance.nextInt(60));
      if (!liveUntilCut(device, chance, 60)) {
        device.cutNow();
      }
      check(device, "seed " + seed + ", life " + life);
    }
  }

  private VolatileDevice fresh(long seed) throws IOException {
    VolatileDevice device = new VolatileDevice(3 + 128, seed);
    MetadataStore.format(device, REGION);
    committed = new TreeMap<>();
    current = new TreeMap<>();
    return device;
  }

  private boolean liveUntilCut(VolatileDevice device, Random chance, int commits)
      throws IOException {
    try {
      MetadataStore store = MetadataStore.open(device, REGION);
      for (int commit = 0; commit < commits; commit++) {
        int changes = chance.nextInt(10) == 0 ? 300 : 1 + chance.nextInt(6);
        for (int i = 0; i < changes; i++) {
          change(store, chance);
        }
        store.commit();
        committed = new TreeMap<>(current);
        if (chance.nextInt(20) == 0) {
          store.checkpoint();
        }
      }
      store.close();
      return false;
    } catch (VolatileDevice.PowerCut e) {
      return true;
    }
  }

  private void change(MetadataStore store, Random chance) {
    long key = chance.nextInt(KEYS);
    if (chance.nextInt(3) == 0) {
      map(store).remove(key);
      current.remove(key);
    } else {
      long value = chance.nextLong();
      map(store).put(key, ByteBuffer.allocate(VALUE_BYTES).putLong(value).array());
      current.put(key, value);
    }
  }

  private void check(VolatileDevice device, String when) throws IOException {
    device.powerOn();
    Map<Long, Long> found = new TreeMap<>();
    map(MetadataStore.open(device, REGION))
        .forEach((key, value) -> found.put(key, ByteBuffer.wrap(value).getLong()));
    assertThat(found).as(when).isIn(committed, current);
    committed = found;
    current = new TreeMap<>(found);
  }

  private static MVMap<Long, byte[]> map(MetadataStore store) {
    return store.map("numbers", LongKeyType.INSTANCE, VALUE_BYTES);
  }
}
