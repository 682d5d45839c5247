"""What every command shows and takes: options, inputs, progress, cost, tables that fit."""
