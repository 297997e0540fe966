export interface HealthItem {
  name: string;
  ok: boolean;
  detail: string;
}
