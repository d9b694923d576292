package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import org.jspecify.annotations.Nullable;

/** The slots at one instant. Needs the manager's mutex. */
final class SlotSnapshot implements SlotView {
  /*
   * Slots are read one after the other while releases go on, and a release draws its tick a moment
   * before its slot is idle. Both could show an order that never was. So the snapshot draws a tick
   * itself, and counts only if nobody drew one while it read: then whatever became idle meanwhile
   * was on its way when the snapshot began, at the same time as all others on their way, and may be
   * thought to come before or after. And a slot that was seen borrowed is, to later snapshots, idle
   * since this one at the earliest, however old its tick is.
   */
  private final KeyslotTable table;
  private final long[] words; // by slot
  private final long[] idleSinceTicks; // by slot
  private final long[] borrowedAtTicks; // by slot: the last snapshot that saw it so

  SlotSnapshot(KeyslotTable table) {
    this.table = table;
    words = new long[table.slotCount()];
    idleSinceTicks = new long[table.slotCount()];
    borrowedAtTicks = new long[table.slotCount()];
  }

  /** Makes this the slots as they are now; true if one is idle. */
  boolean take() {
    while (true) {
      long tick = table.nextTick();
      boolean anyIdle = false;
      for (int slot = 0; slot < words.length; slot++) {
        anyIdle |= read(slot, tick);
      }
      if (table.drawTick(tick)) {
        return anyIdle;
      }
    }
  }

  /** Brings what this says of {@code slot}, which was claimed since, up to date. */
  void retake(int slot) {
    read(slot, table.nextTick());
  }

  private boolean read(int slot, long tick) {
    long word = table.word(slot);
    words[slot] = word;
    if (KeyslotTable.isBorrowed(word)) {
      borrowedAtTicks[slot] = tick;
      return false;
    }
    idleSinceTicks[slot] = Math.max(table.idleTick(slot), borrowedAtTicks[slot]);
    return true;
  }

  long word(int slot) {
    return words[slot];
  }

  @Override
  public int slotCount() {
    return words.length;
  }

  @Override
  public boolean isIdle(int slot) {
    return !KeyslotTable.isBorrowed(words[slot]);
  }

  @Override
  public @Nullable CryptoKey key(int slot) {
    return table.key(slot);
  }

  @Override
  public long idleSinceTick(int slot) {
    return idleSinceTicks[slot];
  }

  @Override
  public long hits(int slot) {
    return table.hits(slot, words[slot]);
  }
}
