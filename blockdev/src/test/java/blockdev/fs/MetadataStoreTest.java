package blockdev.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataStoreTest {
  private static final int FIRST_BLOCK = 10;
  private static final int VALUE_BYTES = 40;

  private final MetadataRegion region = new MetadataRegion(FIRST_BLOCK, 1024);
  private final VolatileDevice device = new VolatileDevice(FIRST_BLOCK + 1024, 1);

  @Test
  void aReopenedStoreHasWhatWasCommitted() throws IOException {
    MetadataStore.format(device, region);
    MetadataStore store = MetadataStore.open(device, region);
    store.map("inodes", LongKeyType.INSTANCE, VALUE_BYTES).put(7L, value(1));
    store.map("extents", LongPair.KeyType.INSTANCE, 8).put(new LongPair(7, 16), bytes(2));
    store.map("entries", DirectoryKey.KeyType.INSTANCE, 8).put(new DirectoryKey(1, "ä"), bytes(3));
    assertThat(store.commit()).isEqualTo(1);

    device.cutNow();
    device.powerOn();
    store = MetadataStore.open(device, region);
    assertThat(store.map("inodes", LongKeyType.INSTANCE, VALUE_BYTES).get(7L)).isEqualTo(value(1));
    assertThat(store.map("extents", LongPair.KeyType.INSTANCE, 8).get(new LongPair(7, 16)))
        .isEqualTo(bytes(2));
    assertThat(store.map("entries", DirectoryKey.KeyType.INSTANCE, 8).get(new DirectoryKey(1, "ä")))
        .isEqualTo(bytes(3));
  }

  @Test
  void whatWasNotCommittedIsDroppedByClose() throws IOException {
    MetadataStore store = formatted();
    inodes(store).put(1L, value(1));
    store.commit();
    inodes(store).put(2L, value(2));
    store.close();

    assertThat(inodes(MetadataStore.open(device, region)).keySet()).containsExactly(1L);
  }

  @Test
  void aCommitIsOneDurableWriteOfWholeBlocks() throws IOException {
    MetadataStore store = formatted();
    inodes(store).put(1L, value(1));
    device.takeLog();
    store.commit();

    assertThat(device.takeLog())
        .singleElement()
        .asString()
        .startsWith("write " + region.journalFirstBlock() + "+")
        .contains("fua=true");
  }

  @Test
  void aCommitWithoutChangesWritesNothing() throws IOException {
    MetadataStore store = formatted();
    inodes(store).put(1L, value(1));
    long sequence = store.commit();
    device.takeLog();

    assertThat(store.commit()).isEqualTo(sequence);
    assertThat(device.takeLog()).isEmpty();
  }

  @Test
  void openingWritesNothing() throws IOException {
    MetadataStore store = formatted();
    inodes(store).put(1L, value(1));
    store.commit();
    device.takeLog();

    MetadataStore.open(device, region);
    assertThat(device.takeLog()).isEmpty();
  }

  @Test
  void aStoreThatWasClosedIsCheckpointedAndClosedAgainForNothing() throws IOException {
    MetadataStore store = formatted();
    inodes(store).put(1L, value(1));
    store.commit();
    store.close();
    device.takeLog();
    store.close();

    MetadataStore.open(device, region).close();
    assertThat(device.takeLog()).isEmpty();
  }

  @Test
  void formattingForgetsTheStoreBefore() throws IOException {
    MetadataStore store = formatted();
    inodes(store).put(1L, value(1));
    store.commit();
    inodes(store).put(2L, value(2));
    store.commit();

    assertThat(inodes(formatted())).isEmpty();
  }

  @Test
  void aRecordOfAnotherLengthIsRefusedAndTheStoreGoesOn() throws IOException {
    MetadataStore store = formatted();
    inodes(store).put(1L, value(1));
    assertThatThrownBy(() -> inodes(store).put(2L, new byte[39]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("40")
        .hasMessageContaining("39");

    store.commit();
    assertThat(inodes(MetadataStore.open(device, region)).keySet()).containsExactly(1L);
  }

  @Test
  void aFullRegionRefusesTheCommitAndKeepsThoseBefore() throws IOException {
    MetadataStore store = formatted();
    Random chance = new Random(5);
    long committed = 0;
    try {
      while (true) {
        for (int i = 0; i < 100; i++) {
          inodes(store).put(committed * 100 + i, value(chance.nextInt()));
        }
        store.commit();
        committed++;
      }
    } catch (MetadataFullException e) {
      assertThat(e)
          .hasMessageContaining(region.imageBlocks() + " image blocks")
          .hasMessageContaining("commit " + committed + " stands");
    }
    MetadataStore refusing = store;
    assertThatThrownBy(refusing::commit).isInstanceOf(IOException.class);
    store.close();

    assertThat(inodes(MetadataStore.open(device, region))).hasSize((int) committed * 100);
    // 100 entries take 4800 bytes; a tree at least a third full holds 100 in 4 blocks.
    assertThat(committed).isGreaterThan(region.imageBlocks() / 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 120})
  void whileThereIsRoomNoCommitIsRefusedAndAllCanBeRemovedAfterwards(int batch) throws IOException {
    MetadataRegion small = new MetadataRegion(0, 256);
    MetadataStore.format(device, small);
    MetadataStore store = MetadataStore.open(device, small);
    Random chance = new Random(batch);
    while (store.hasRoom()) {
      for (int i = 0; i < batch; i++) {
        inodes(store).put(chance.nextLong(), value(i));
      }
      store.commit();
    }
    List<Long> keys = new ArrayList<>(inodes(store).keySet());
    Collections.shuffle(keys, chance);
    for (int i = 0; i < keys.size(); i++) {
      inodes(store).put(keys.get(i), value(-i));
      if (i % batch == 0) {
        store.commit();
      }
    }
    for (int i = 0; i < keys.size(); i++) {
      inodes(store).remove(keys.get(i));
      if (i % batch == 0) {
        store.commit();
      }
    }
    store.commit();

    assertThat(inodes(MetadataStore.open(device, small))).isEmpty();
    // Entries of 48 bytes fill a quarter of the image before it says that it is half full.
    assertThat(keys).hasSizeGreaterThan(small.imageBlocks() * 4096 / 4 / 48);
  }

  @Test
  void overwritingForEverDoesNotFillTheRegion() throws IOException {
    MetadataStore store = formatted();
    Random chance = new Random(6);
    for (int commit = 0; commit < 3000; commit++) {
      for (int i = 0; i < 3; i++) {
        inodes(store).put((long) chance.nextInt(2000), value(commit));
      }
      store.commit();
    }
    assertThat(store.usedBlocks()).isLessThan(region.imageBlocks());
  }

  @Test
  void equalOperationsGiveEqualWritesWhateverTheTime() throws IOException {
    List<String> first = writesOfARun();
    long then = System.currentTimeMillis();
    while (System.currentTimeMillis() == then) {
      Thread.onSpinWait(); // a millisecond is what the library's stamps can tell
    }
    assertThat(writesOfARun()).isEqualTo(first);
  }

  @Test
  void noTimeIsInTheImage() throws IOException {
    writesOfARun();
    for (int block = 0; block < device.blockCount(); block++) {
      String text = new String(device.durable(block), StandardCharsets.ISO_8859_1);
      assertThat(text).doesNotContainPattern("(time|created|unused):[1-9a-f]");
    }
  }

  @Test
  void noThreadOfTheLibraryRuns() throws IOException {
    formatted();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.contains("MVStore") || name.contains("H2"));
  }

  @Test
  void namesAreOrderedByTheirBytes() throws IOException {
    // UTF-16 would put U+1F511, a surrogate pair from D83D, before U+FF5E.
    List<String> ordered = List.of("", "Z", "a", "a b", "ab", "é", "\uFF5E", "\uD83D\uDD11");
    MVMap<DirectoryKey, byte[]> entries =
        formatted().map("entries", DirectoryKey.KeyType.INSTANCE, 8);
    for (String name : ordered.reversed()) {
      entries.put(new DirectoryKey(3, name), bytes(0));
    }
    entries.put(new DirectoryKey(2, "z"), bytes(0));

    List<String> found = new ArrayList<>();
    entries.keyIterator(new DirectoryKey(3, "")).forEachRemaining(key -> found.add(key.name()));
    assertThat(found).isEqualTo(ordered);
  }

  @Test
  void aNameWithoutEncodingOrTooLongIsRefused() {
    assertThatThrownBy(() -> new DirectoryKey(1, "\uD83D"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DirectoryKey(1, "a".repeat(256)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
  }

  private List<String> writesOfARun() throws IOException {
    device.takeLog();
    MetadataStore store = formatted();
    Random chance = new Random(3);
    for (int commit = 1; commit <= 300; commit++) {
      for (int i = 0; i < 5; i++) {
        inodes(store).put((long) chance.nextInt(3000), value(chance.nextInt()));
        inodes(store).remove((long) chance.nextInt(3000));
      }
      store.commit();
      if (commit % 100 == 0) {
        store.close();
        store = MetadataStore.open(device, region);
      }
    }
    store.close();
    return device.takeLog();
  }

  private MetadataStore formatted() throws IOException {
    MetadataStore.format(device, region);
    return MetadataStore.open(device, region);
  }

  private static MVMap<Long, byte[]> inodes(MetadataStore store) {
    return store.map("inodes", LongKeyType.INSTANCE, VALUE_BYTES);
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(VALUE_BYTES).putInt(number).array();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
