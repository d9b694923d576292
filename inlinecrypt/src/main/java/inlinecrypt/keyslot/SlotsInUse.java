package inlinecrypt.keyslot;

/**
 * Slots in use at one instant.
 *
 * @param keyed slots that hold a key
 * @param busy slots with borrowers
 */
public record SlotsInUse(int keyed, int busy) {}
