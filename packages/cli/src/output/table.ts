/** The list of restaurants as a table, or, where that is too wide for the terminal, as two lines each. */
import type { Listed } from '../relay/answers.ts';
import type { Look } from './cards.ts';
import { type Measure, pad } from './layout.ts';
import { safe } from './safe.ts';

const GAP = '  ';

/** With a line end after each row. */
export function listTable(restaurants: readonly Listed[], { chalk, width }: Look, measure: Measure): string {
  const rows = restaurants.map(({ identifier, name, region, publishesMenu }) => ({
    cells: [identifier, name, region].map(safe) as [string, string, string],
    remark: publishesMenu ? '' : '(no online menu)',
  }));
  const widest = (column: number) => Math.max(0, ...rows.map(({ cells }) => measure(cells[column] ?? '')));
  const [identifierCells, nameCells, regionCells] = [widest(0), widest(1), widest(2)];
  const isTooWide = identifierCells + nameCells + regionCells + 2 * GAP.length > width;
  const lines = rows.map(({ cells: [identifier, name, region], remark }) => {
    const dimRemark = remark && GAP + chalk.dim(remark);
    if (isTooWide) return `${chalk.bold(identifier)}\n${GAP}${name}\n${GAP}${region}${dimRemark}`;
    const start = `${chalk.bold(pad(identifier, identifierCells, measure))}${GAP}${pad(name, nameCells, measure)}${GAP}`;
    const isRemarked =
      remark !== '' && identifierCells + nameCells + regionCells + 3 * GAP.length + remark.length <= width;
    return isRemarked ? `${start}${pad(region, regionCells, measure)}${dimRemark}` : start + region;
  });
  return lines.map((line) => `${line}\n`).join('');
}
